package sh.fazt.mesh.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;

/** The laws of merging columns, over replicas that write without knowing of each other. */
final class MergedCellTest {
  private static final int CASES = 1_000;
  private static final List<SiteId> SITES = sites(5);

  private static List<SiteId> sites(int count) {
    Chance chance = Chance.from(new Random(11));
    List<SiteId> sites = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sites.add(new SiteId(SigningKey.generate(chance).verifyKey(), 1));
    }
    return sites;
  }

  /** What one replica tells the others. */
  private interface Told {
    void to(MergedCell cell) throws MalformedException;
  }

  /** A cell, its writer, and all that it has told or was told. */
  private static final class Replica {
    private MergedCell cell = new MergedCell();
    private final SiteId site;
    private final Writer writer;
    private final List<Told> knows = new ArrayList<>();

    /** What is shown of the row's lives, as the row would have it. */
    private Optional<Stamp> life = Optional.empty();

    Replica(int index) {
      site = SITES.get(index);
      writer = new Writer(index + 1);
    }

    Stamp stamp(long millis) {
      return new Stamp(Hlc.of(millis, 0), site);
    }

    /**
     * As a harvest does: operations if there are any that show exactly this, else a plain write.
     */
    Told set(MergeType type, long millis, Value value) {
      Stamp now = stamp(millis);
      boolean inserts = life.isEmpty();
      Stamp of = life.orElse(now);
      life = Optional.of(of);
      MergedCell tried = copy(cell);
      Optional<Operations> operations =
          inserts
              ? tried.create(type, of, writer, value)
              : tried.edit(type, of, now, writer, value);
      Told told;
      if (operations.isPresent()) {
        cell = tried;
        Bytes encoded = operations.get().encoded();
        told = other -> other.merge(of, decoded(type, encoded));
      } else {
        cell.write(of, now, value);
        told = other -> other.write(of, now, value);
      }
      assertThat(cell.shown()).contains(value);
      knows.add(told);
      return told;
    }

    void hear(Told told, Replica from) throws MalformedException {
      told.to(cell);
      knows.add(told);
      if (life.isEmpty() || from.life.orElseThrow().compareTo(life.get()) > 0) {
        life = from.life;
      }
    }

    Value shown() {
      return cell.shown().orElseThrow();
    }
  }

  private static Bytes bytes(MergedCell cell) {
    ByteWriter out = new ByteWriter();
    cell.writeTo(out, (to, stamp) -> stamp.site().writeTo(to.u64(stamp.hlc().packed())));
    return out.toBytes();
  }

  private static MergedCell copy(MergedCell cell) {
    try {
      ByteReader in = new ByteReader(bytes(cell));
      MergedCell copy =
          MergedCell.readFrom(
              in,
              from -> {
                Hlc hlc = new Hlc(from.u64());
                return new Stamp(hlc, SiteId.readFrom(from));
              });
      in.end();
      return copy;
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Operations decoded(MergeType type, Bytes encoded) {
    return Operations.decoded(type.number(), encoded).orElseThrow();
  }

  private static Value draw(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> Value.NULL;
      case 1 -> Value.of("t" + random.nextInt(3));
      case 2 -> Value.of(random.nextInt(7) / 4.0);
      case 3 -> Value.of(Long.MAX_VALUE - random.nextInt(2));
      case 4 -> Value.of(random.nextDouble() * Math.pow(10, random.nextInt(40) - 20));
      default -> Value.of(random.nextInt(9) - 4L);
    };
  }

  @ParameterizedTest
  @EnumSource(MergeType.class)
  void anyOrderAnyRepetitionAnyGroupingGivesTheSameBytes(MergeType type) throws Exception {
    for (long seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      List<Replica> replicas = new ArrayList<>();
      int count = 3 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        replicas.add(new Replica(i));
      }
      List<Told> all = new ArrayList<>();
      for (int step = 0; step < 12; step++) {
        Replica one = replicas.get(random.nextInt(count));
        if (random.nextInt(3) > 0) {
          all.add(one.set(type, 10 + step, draw(random)));
        } else {
          Replica other = replicas.get(random.nextInt(count));
          for (Told told : List.copyOf(other.knows)) {
            if (!one.knows.contains(told)) {
              one.hear(told, other);
            }
          }
        }
      }
      MergedCell expected = new MergedCell();
      for (Told told : all) {
        told.to(expected);
      }
      List<Told> shuffled = new ArrayList<>(all);
      shuffled.addAll(all.subList(0, all.isEmpty() ? 0 : random.nextInt(all.size())));
      Collections.shuffle(shuffled, random);
      int cut = shuffled.isEmpty() ? 0 : random.nextInt(shuffled.size());
      MergedCell left = new MergedCell();
      MergedCell right = new MergedCell();
      for (int i = 0; i < shuffled.size(); i++) {
        shuffled.get(i).to(i < cut ? left : right);
      }
      for (Replica replica : replicas) {
        right.join(copy(replica.cell));
      }
      left.join(right);
      left.join(copy(right));
      assertThat(bytes(left)).as("seed %d of %s", seed, type).isEqualTo(bytes(expected));
      assertThat(left.shown()).isEqualTo(expected.shown());
      assertThat(bytes(copy(left))).isEqualTo(bytes(left));
    }
  }

  @ParameterizedTest
  @EnumSource(MergeType.class)
  void whoWritesAloneReadsWhatItWrote(MergeType type) {
    for (long seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Replica alone = new Replica(0);
      for (int step = 0; step < 10; step++) {
        Value value = draw(random);
        alone.set(type, 1 + step, value);
        assertThat(alone.shown()).as("seed %d of %s", seed, type).isEqualTo(value);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(MergeType.class)
  void damagedOperationsAreRefusedOrAreOthers(MergeType type) throws Exception {
    Replica one = new Replica(0);
    one.set(type, 1, Value.of(5));
    one.cell.write(one.life.orElseThrow(), one.stamp(2), Value.of(6));
    MergedCell tried = copy(one.cell);
    Bytes encoded =
        tried
            .edit(type, one.life.orElseThrow(), one.stamp(3), one.writer, Value.of(9))
            .orElseThrow()
            .encoded();
    for (int at = 0; at < encoded.size(); at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = encoded.toArray();
        flipped[at] ^= (byte) (1 << bit);
        attempt(one, type, Bytes.wrap(flipped));
      }
      attempt(one, type, encoded.slice(0, at));
    }
  }

  private static void attempt(Replica one, MergeType type, Bytes encoded) {
    MergedCell cell = copy(one.cell);
    Stamp life = one.life.orElseThrow();
    Optional<Operations> operations = Operations.decoded(type.number(), encoded);
    operations.ifPresent(known -> cell.merge(life, known));
    assertThat(bytes(copy(cell))).isEqualTo(bytes(cell));
    assertThat(cell.shown()).isPresent();
  }

  /** Two replicas in sync at one value, which then write and meet again. */
  private static Value merged(MergeType type, Value before, Value one, Value other)
      throws MalformedException {
    Replica vps = new Replica(0);
    Replica laptop = new Replica(1);
    laptop.hear(vps.set(type, 1, before), vps);
    Told first = vps.set(type, 10, one);
    Told second = laptop.set(type, 20, other);
    laptop.hear(first, vps);
    vps.hear(second, laptop);
    assertThat(bytes(vps.cell)).isEqualTo(bytes(laptop.cell));
    return vps.shown();
  }

  private static final Map<MergeType, Value> OF_3_7_AND_9 =
      new EnumMap<>(
          Map.of(
              MergeType.COUNTER, Value.of(13),
              MergeType.MAX, Value.of(9),
              MergeType.MIN, Value.of(7),
              MergeType.FIRST, Value.of(7),
              MergeType.KEEP_ALL, Value.of(9)));

  @ParameterizedTest
  @EnumSource(MergeType.class)
  void concurrentWritesMergeAsTheTypeSays(MergeType type) throws Exception {
    assertThat(merged(type, Value.of(3), Value.of(7), Value.of(9)))
        .isEqualTo(OF_3_7_AND_9.get(type));
  }

  @Test
  void aResetOfACounterIsADifferenceToo() throws Exception {
    assertThat(merged(MergeType.COUNTER, Value.of(10), Value.of(0), Value.of(12)))
        .isEqualTo(Value.of(2));
  }

  @Test
  void countersGoOnAsRealsWhereAnIntegerIsTooSmall() throws Exception {
    long most = Long.MAX_VALUE - 1;
    assertThat(merged(MergeType.COUNTER, Value.of(most), Value.of(most + 1), Value.of(most + 1)))
        .isEqualTo(Value.of((double) Long.MAX_VALUE));
    assertThat(merged(MergeType.COUNTER, Value.of(0.1), Value.of(0.1 + 0.2), Value.of(0.1 + 0.7)))
        .isEqualTo(Value.of(1.0));
  }

  @Test
  void rowsThatBothCreateCountTogether() throws Exception {
    Replica vps = new Replica(0);
    Replica laptop = new Replica(1);
    Told first = vps.set(MergeType.COUNTER, 10, Value.of(1));
    Told second = laptop.set(MergeType.COUNTER, 20, Value.of(1));
    laptop.hear(first, vps);
    vps.hear(second, laptop);
    assertThat(vps.shown()).isEqualTo(laptop.shown()).isEqualTo(Value.of(2));
    laptop.hear(vps.set(MergeType.COUNTER, 30, Value.of(3)), vps);
    vps.hear(laptop.set(MergeType.COUNTER, 40, Value.of(5)), laptop);
    assertThat(vps.shown()).isEqualTo(laptop.shown()).isEqualTo(Value.of(5));
  }

  @Test
  void aPlainWriteEndsWhatWasDoneWithoutItsKnowing() throws Exception {
    assertThat(merged(MergeType.COUNTER, Value.of(3), Value.of(7), Value.of("seven")))
        .isEqualTo(Value.of("seven"));
  }

  @Test
  void tooManyOrigins() {
    Bytes many = new ByteWriter().varint(MergedCell.ORIGINS_MAX + 1).toBytes();
    assertThatThrownBy(
            () ->
                MergedCell.readFrom(
                    new ByteReader(many),
                    in -> {
                      throw new MalformedException("none is read");
                    }))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("origins 65537");
  }

  @Test
  void aDeleteEndsTheLivesBeforeIt() throws Exception {
    Replica vps = new Replica(0);
    vps.set(MergeType.COUNTER, 10, Value.of(1));
    vps.set(MergeType.COUNTER, 11, Value.of(2));
    vps.cell.after(vps.stamp(20));
    assertThat(vps.cell.isEmpty()).isTrue();
  }
}
