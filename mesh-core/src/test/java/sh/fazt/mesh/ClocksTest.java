package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.schema.Value;

/** Clocks that are off or jump: nothing is refused, nothing is lost. */
class ClocksTest extends ChainOfClocks {
  @Test
  void aNodeTenYearsBehindLosesNothingAndShowsTheOthersWritesOnceItIsSetRight() {
    three();
    nodes.clockOff("c", -TEN_YEARS);
    write("c", "UPDATE t SET v = 'of c' WHERE id = '1'", "INSERT INTO t VALUES ('c', 'new')");
    sync();
    assertAll("1", "of c");
    assertAll("c", "new");
    write("a", "UPDATE t SET v = 'of a' WHERE id = '2'");
    write("b", "INSERT INTO t VALUES ('b', 'new')");
    sync();
    // Seen from there, these come from a far future; it is told and they wait.
    assertThat(value("c", "2")).isEqualTo("genesis");
    assertThat(figures("c").waiting())
        .extracting(Waiting::reason)
        .containsOnly(Waiting.Reason.EARLY);
    write("c", "UPDATE t SET v = 'unaware' WHERE id = '2'");
    sync();
    assertThat(value("a", "2")).isEqualTo("of a");
    assertThat(figures("a").conflicts24h()).isEqualTo(1);
    nodes.clockOff("c", 0);
    nodes.mesh("c").harvest();
    assertAll("2", "of a");
    assertAll("b", "new");
    sync();
    assertSame();
    write("c", "UPDATE t SET v = 'aware' WHERE id = '2'");
    sync();
    assertAll("2", "aware");
  }

  @Test
  void aNodeTenYearsAheadBlocksNobodyAndDragsNobodyAlong() {
    three();
    nodes.clockOff("a", TEN_YEARS);
    write("a", "UPDATE t SET v = 'early' WHERE id = '1'", "INSERT INTO t VALUES ('a', 'early')");
    sync();
    for (String name : List.of("b", "c")) {
      assertThat(value(name, "1")).isEqualTo("genesis");
      assertThat(figures(name).waiting())
          .extracting(Waiting::reason)
          .containsExactly(Waiting.Reason.EARLY);
      assertThat(figures(name).parked()).isEqualTo(2);
    }
    assertThat(nodes.mesh("c").summary()).isEqualTo(nodes.mesh("a").summary());
    write("b", "UPDATE t SET v = 'now' WHERE id = '2'", "UPDATE t SET v = 'now' WHERE id = '1'");
    write("c", "INSERT INTO t VALUES ('c', 'now')");
    sync();
    assertAll("2", "now");
    assertAll("c", "now");
    assertThat(value("c", "1")).isEqualTo("now");
    for (String name : List.of("b", "c")) {
      assertThat(latestStamp(name)).isLessThanOrEqualTo(nodes.nowMillis);
    }
    nodes.nowMillis += TEN_YEARS;
    nodes.clockOff("a", 0);
    for (String name : NAMES) {
      nodes.mesh(name).harvest();
    }
    assertAll("1", "early");
    assertAll("a", "early");
    sync();
    assertSame();
    // The write that it covered is kept.
    assertThat(nodes.mesh("b").view().conflicts(9))
        .extracting(ConflictEntry::lost)
        .containsExactly(Value.of("now"));
  }

  @Test
  void whoseClockWasAheadIsToldWhatWaitsElsewhereAndUntilWhen() {
    three();
    write("b", "UPDATE t SET v = 'in time' WHERE id = '2'");
    nodes.mesh("b").harvest();
    nodes.clockOff("b", TEN_YEARS);
    assertThat(figures("b").early()).isEqualTo(EarlyWrites.NONE);
    write("b", "UPDATE t SET v = 'early' WHERE id = '1'", "INSERT INTO t VALUES ('b', 'early')");
    long written = nodes.now("b");
    nodes.mesh("b").harvest();
    assertThat(figures("b").early()).isEqualTo(EarlyWrites.NONE);
    nodes.clockOff("b", 0);
    EarlyWrites early = figures("b").early();
    assertThat(early.changes()).isEqualTo(2);
    assertThat(early.untilMillis()).isBetween(written - 6 * MINUTE, written);
    nodes.nowMillis += TEN_YEARS;
    assertThat(figures("b").early()).isEqualTo(EarlyWrites.NONE);
    assertThat(figures("a").early()).isEqualTo(EarlyWrites.NONE);
  }

  @Test
  void whatWasWrittenByAClockAheadIsSignedAgainWithTheTimeOfNow() {
    three();
    write("a", "INSERT INTO t VALUES ('3', 'x'), ('4', 'x')");
    sync();
    nodes.clockOff("a", TEN_YEARS);
    write(
        "a",
        "UPDATE t SET v = 'early' WHERE id = '1'",
        "INSERT INTO t VALUES ('a', 'early')",
        "DELETE FROM t WHERE id = '3'",
        "UPDATE t SET v = NULL WHERE id = '4'");
    sync();
    nodes.clockOff("a", 0);
    assertThat(nodes.mesh("b").restamp()).isZero();
    write("b", "UPDATE t SET v = 'of b' WHERE id = '2'");
    sync();
    assertAll("2", "of b");
    write("a", "INSERT INTO t VALUES ('late', 'too')");
    Mesh restamped = nodes.mesh("a");
    assertThat(restamped.restamp()).isEqualTo(5);
    assertThat(restamped.mustReopen()).isTrue();
    assertThat(restamped.isOlderCopy()).isFalse();
    assertThatThrownBy(() -> restamped.untrack(Set.of("t"))).hasMessageContaining("signed anew");
    nodes.closeMesh("a");
    nodes.open("a");
    sync();
    assertAll("1", "early");
    assertAll("a", "early");
    assertAll("late", "too");
    assertAll("3", "");
    assertAll("4", "null");
    assertThat(figures("a").early()).isEqualTo(EarlyWrites.NONE);
    assertThat(latestStamp("a")).isLessThanOrEqualTo(nodes.nowMillis);
    write("a", "UPDATE t SET v = 'goes on' WHERE id = '1'", "INSERT INTO t VALUES ('n', 'new')");
    sync();
    assertAll("1", "goes on");
    assertAll("n", "new");
    for (String name : NAMES) {
      assertThat(nodes.app(name).exact("t")).isEqualTo(nodes.app("b").exact("t"));
      assertThat(nodes.scrub(name)).isZero();
    }
    // What it said before has its time all the same, on every node alike.
    nodes.nowMillis += TEN_YEARS;
    sync();
    assertSame();
    assertAll("1", "early");
    assertThat(nodes.mesh("c").view().conflicts(9))
        .extracting(ConflictEntry::lost)
        .contains(Value.of("goes on"));
  }

  @Test
  void aNodeSixMinutesAheadShowsAMinuteLater() {
    three();
    nodes.clockOff("a", 6 * MINUTE);
    write("a", "UPDATE t SET v = 'ahead' WHERE id = '1'");
    sync();
    assertThat(value("b", "1")).isEqualTo("genesis");
    long due = figures("b").waiting().get(0).dueMillis();
    assertThat(due).isBetween(nodes.nowMillis + MINUTE - 1_000, nodes.nowMillis + MINUTE);
    nodes.nowMillis = due - 1;
    nodes.mesh("b").harvest();
    assertThat(value("b", "1")).isEqualTo("genesis");
    nodes.nowMillis = due;
    nodes.mesh("b").harvest();
    assertThat(value("b", "1")).isEqualTo("ahead");
    nodes.clockOff("a", 4 * MINUTE);
    write("a", "UPDATE t SET v = 'a little' WHERE id = '2'");
    sync();
    write("b", "UPDATE t SET v = 'after it' WHERE id = '2'");
    sync();
    assertAll("2", "after it");
    assertSame();
  }

  @Test
  void stampsOfASiteGrowWhereverTheClockJumps() {
    three();
    List<Long> jumps = List.of(0L, -TEN_YEARS, 3 * MINUTE, -DAY, -TEN_YEARS, 0L, -MINUTE);
    for (int i = 0; i < jumps.size(); i++) {
      nodes.clockOff("a", jumps.get(i));
      write("a", "UPDATE t SET v = 'turn %d' WHERE id = '1'".formatted(i));
      if (i % 2 == 0) {
        nodes.closeMesh("a");
        nodes.open("a");
      }
      nodes.mesh("a").harvest();
      List<Ingested> results = nodes.carry("a", "b");
      assertThat(results).hasSize(1).allMatch(Ingested.Delivered.class::isInstance);
      assertThat(value("b", "1")).isEqualTo("turn " + i);
    }
    sync();
    nodes.clockOff("a", 0);
    sync();
    assertSame();
  }

  @Test
  void writesMadeWhileTheDaemonWasDownCompeteWithTheTimeTheyWereMade() {
    three();
    long tuesday = nodes.nowMillis;
    nodes.closeMesh("c");
    nodes.app("c").run("UPDATE t SET v = 'tuesday'");
    made("c", tuesday + 1);
    nodes.nowMillis += 3 * DAY;
    write("a", "UPDATE t SET v = 'friday' WHERE id = '1'");
    nodes.sync("a", "b");
    nodes.nowMillis += DAY;
    nodes.open("c");
    sync();
    assertAll("1", "friday");
    assertAll("2", "tuesday");
    assertSame();
    assertThat(figures("b").conflicts24h()).isEqualTo(1);
  }

  @Test
  void aJoinerWithAnOldCopyLosesToWhatWasWrittenSince() {
    nodes.database(
        "a",
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES ('1', 'sunday'), ('2', 'sunday')");
    nodes.found("a");
    nodes.nowMillis += 2 * DAY;
    write("a", "UPDATE t SET v = 'tuesday' WHERE id = '1'");
    nodes.mesh("a").harvest();
    nodes.nowMillis += DAY;
    nodes.database(
        "b",
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES ('1', 'sunday'), ('2', 'sunday'), ('3', 'only here')");
    nodes.clockOff("b", TEN_YEARS);
    nodes.join("b", "a");
    nodes.clockOff("b", 0);
    nodes.sync("a", "b");
    for (String name : List.of("a", "b")) {
      assertThat(nodes.app(name).column("SELECT v FROM t ORDER BY id"))
          .as(name)
          .containsExactly("tuesday", "sunday", "only here");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void howeverTheClocksJumpAllEndEqualOnceTimeHasCome(long seed) {
    Random random = new Random(seed);
    three();
    List<Long> offs = new ArrayList<>(List.of(0L, 0L, TEN_YEARS, -TEN_YEARS, 6 * MINUTE, -DAY));
    int written = 0;
    for (int step = 0; step < 120; step++) {
      nodes.nowMillis += random.nextInt(3_000);
      String name = NAMES.get(random.nextInt(NAMES.size()));
      switch (random.nextInt(6)) {
        case 0 -> nodes.clockOff(name, offs.get(random.nextInt(offs.size())));
        case 1 -> {
          nodes.carry(name, NAMES.get((NAMES.indexOf(name) + 1) % NAMES.size()));
        }
        case 2 -> {
          nodes.closeMesh(name);
          nodes.open(name);
        }
        case 3 -> write(name, "DELETE FROM t WHERE id = '" + random.nextInt(8) + "'");
        default -> {
          String id = String.valueOf(random.nextInt(8));
          write(
              name,
              "INSERT INTO t VALUES ('%s', 'w%d') ON CONFLICT DO UPDATE SET v = excluded.v"
                  .formatted(id, written++));
        }
      }
    }
    NAMES.forEach(name -> nodes.clockOff(name, 0));
    sync();
    assertThat(nodes.mesh("c").summary()).isEqualTo(nodes.mesh("a").summary());
    nodes.nowMillis += 2 * TEN_YEARS;
    sync();
    sync();
    assertSame();
    write("a", "INSERT INTO t VALUES ('last', 'word')");
    sync();
    assertAll("last", "word");
    assertThat(HybridClock.AHEAD_MAX_MILLIS).isEqualTo(5 * MINUTE);
  }
}
