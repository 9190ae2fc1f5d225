package sh.fazt.mesh.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;

class RowStateTest {
  private static final int CASES = 20_000;
  private static final List<SiteId> SITES = sites();

  private static List<SiteId> sites() {
    Chance chance = Chance.from(new Random(7));
    List<SiteId> sites = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sites.add(new SiteId(SigningKey.generate(chance).verifyKey(), 1));
    }
    return sites;
  }

  private static Stamp stamp(long millis) {
    return new Stamp(Hlc.of(millis, 0), SITES.get(0));
  }

  private static Stamp draw(Random random) {
    return new Stamp(Hlc.of(1 + random.nextInt(8), 0), SITES.get(random.nextInt(SITES.size())));
  }

  private static RowState drawWrite(Random random) {
    Set<Integer> columns = new TreeSet<>();
    for (int column = 1; column <= 3; column++) {
      if (random.nextBoolean()) {
        columns.add(column);
      }
    }
    return switch (random.nextInt(3)) {
      case 0 -> RowState.inserted(draw(random), columns);
      case 1 -> RowState.updated(draw(random), draw(random), columns);
      default -> RowState.deleted(draw(random));
    };
  }

  private static RowState joined(List<RowState> writes) {
    return writes.stream().reduce(RowState.NONE, RowState::join);
  }

  @Test
  void mergeIsIndifferentToOrderRepetitionAndGrouping() {
    for (long seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      List<RowState> writes = new ArrayList<>();
      int count = 2 + random.nextInt(6);
      for (int i = 0; i < count; i++) {
        writes.add(drawWrite(random));
      }
      RowState expected = joined(writes);
      List<RowState> shuffled = new ArrayList<>(writes);
      shuffled.addAll(writes.subList(0, random.nextInt(count)));
      Collections.shuffle(shuffled, random);
      int cut = random.nextInt(shuffled.size());
      RowState grouped =
          joined(shuffled.subList(0, cut)).join(joined(shuffled.subList(cut, shuffled.size())));
      assertThat(grouped).as("seed %d of %s", seed, writes).isEqualTo(expected);
    }
  }

  @Test
  void laterWriteOfACellWins() {
    RowState row = RowState.inserted(stamp(1), List.of(1, 2));
    RowState merged =
        row.join(RowState.updated(stamp(5), stamp(1), List.of(1)))
            .join(RowState.updated(stamp(3), stamp(1), List.of(1, 2)));
    assertThat(merged.cell(1).orElseThrow().winner()).isEqualTo(stamp(5));
    assertThat(merged.cell(2).orElseThrow().winner()).isEqualTo(stamp(3));
  }

  @Test
  void editOfALifeThatEndedIsNoPartOfTheNextLife() {
    RowState merged =
        RowState.inserted(stamp(1), List.of(1))
            .join(RowState.deleted(stamp(5)))
            .join(RowState.inserted(stamp(9), List.of(1)))
            .join(RowState.updated(stamp(12), stamp(1), List.of(1)));
    assertThat(merged.isAlive()).isTrue();
    assertThat(merged.cell(1).orElseThrow().winner()).isEqualTo(stamp(9));
  }

  @Test
  void editLosesToADeleteThatItsAuthorHadNotSeenEvenIfMadeLater() {
    RowState merged =
        RowState.inserted(stamp(1), List.of(1))
            .join(RowState.updated(stamp(12), stamp(1), List.of(1)))
            .join(RowState.deleted(stamp(5)));
    assertThat(merged.isAlive()).isFalse();
    assertThat(merged.cells()).isEmpty();
  }

  @Test
  void editsOfTwoConcurrentInsertsOfOneKeyAllCount() {
    RowState merged =
        RowState.inserted(stamp(3), List.of(1, 2))
            .join(RowState.inserted(stamp(4), List.of(1, 2)))
            .join(RowState.updated(stamp(10), stamp(3), List.of(1)));
    assertThat(merged.cell(1).orElseThrow().winner()).isEqualTo(stamp(10));
    assertThat(merged.cell(2).orElseThrow().winner()).isEqualTo(stamp(4));
  }

  @Test
  void latestWriteOfADeadLifeUncoversTheOneBeneath() {
    RowState lower = RowState.inserted(stamp(30), List.of(1));
    RowState higher = RowState.updated(stamp(40), stamp(9), List.of(1));
    RowState merged = lower.join(higher);
    assertThat(merged.cell(1).orElseThrow().winner()).isEqualTo(stamp(40));
    assertThat(merged.join(RowState.deleted(stamp(20))).cell(1).orElseThrow().winner())
        .isEqualTo(stamp(30));
  }

  @Test
  void lastStampOfAllIsStillReplaceable() {
    Stamp poisoned = new Stamp(new Hlc(Hlc.MAX.packed() - 1), SITES.get(0));
    Stamp next = new Stamp(poisoned.hlc().next(), SITES.get(1));
    RowState merged =
        RowState.inserted(stamp(1), List.of(1))
            .join(RowState.updated(poisoned, stamp(1), List.of(1)))
            .join(RowState.updated(next, stamp(1), List.of(1)));
    assertThat(merged.cell(1).orElseThrow().winner()).isEqualTo(next);
  }
}
