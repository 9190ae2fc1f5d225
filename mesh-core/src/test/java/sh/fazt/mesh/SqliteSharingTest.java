package sh.fazt.mesh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What SQLite does to values, and to those who share a file, shown on SQLite alone: should one of
 * these fail with a newer version, what the mesh does about it may be looked at again.
 */
class SqliteSharingTest {
  @TempDir Path folder;

  private PlainSql open() {
    return new PlainSql(folder.resolve("facts.db"));
  }

  private String shell(String sql) throws Exception {
    try {
      Process process = new ProcessBuilder("sqlite3", ":memory:").redirectErrorStream(true).start();
      process.getOutputStream().write(sql.getBytes(UTF_8));
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      assertThat(process.waitFor()).as(said).isZero();
      return said;
    } catch (IOException e) {
      assumeTrue(false, "sqlite3 is not installed: " + e.getMessage());
      return "";
    }
  }

  private boolean shellIsOlderThan(int minor) throws Exception {
    List<String> version = List.of(shell("SELECT sqlite_version();").split("\\.", -1));
    return version.get(0).equals("3") && Integer.parseInt(version.get(1)) < minor;
  }

  @Test
  void oldVersionsHaveNoClockOfMilliseconds() throws Exception {
    assumeTrue(shellIsOlderThan(42), "sqlite3 is new");
    assertThat(shell("SELECT unixepoch('subsec') IS NULL;")).isEqualTo("1");
    long now =
        Long.parseLong(shell("SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER);"));
    assertThat(now).isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
  }

  @Test
  void aRealDoesNotSurviveItsTextInOldVersions() throws Exception {
    assumeTrue(shellIsOlderThan(43), "sqlite3 is new");
    Random random = new Random(1);
    StringBuilder sql = new StringBuilder("CREATE TABLE t (r REAL);\n");
    for (int i = 0; i < 20_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        sql.append("INSERT INTO t VALUES (").append(number).append(");\n");
      }
    }
    sql.insert(0, "BEGIN;\n").append("COMMIT;\n");
    sql.append("SELECT count(*) > 0 FROM t WHERE CAST(quote(r) AS REAL) <> r;");
    assertThat(shell(sql.toString())).isEqualTo("1");
  }

  @Test
  void notANumberBecomesNullInfinityStaysAndMinusZeroLosesItsSignInARealColumn() {
    try (PlainSql app = open()) {
      app.run("CREATE TABLE t (r REAL)", "INSERT INTO t VALUES (9e999), (-9e999), (-0.0)");
      app.run("INSERT INTO t VALUES (9e999 - 9e999)");
      assertThat(app.column("SELECT r FROM t")).containsExactly("Inf", "-Inf", "0.0", "null");
    }
  }

  @Test
  void textKeepsNulAndWhatIsNotUtf8AndJavaStringsDoNot() {
    try (PlainSql app = open()) {
      app.run("CREATE TABLE t (v TEXT)", "INSERT INTO t VALUES (CAST(x'6100ff62' AS TEXT))");
      assertThat(app.one("SELECT hex(v) FROM t")).isEqualTo("6100FF62");
      assertThat(app.one("SELECT v FROM t").getBytes(UTF_8))
          .isNotEqualTo(new byte[] {0x61, 0, (byte) 0xff, 0x62});
    }
  }

  @Test
  void jsonOverABlobAbortsTheWriteAndQuoteStopsAtNul() {
    try (PlainSql app = open()) {
      app.run(
          "CREATE TABLE t (v)",
          "CREATE TABLE log (j)",
          "CREATE TRIGGER i AFTER INSERT ON t BEGIN"
              + " INSERT INTO log VALUES (json_object('v', NEW.v)); END");
      assertThatThrownBy(() -> app.run("INSERT INTO t VALUES (x'ff00')"))
          .hasStackTraceContaining("JSON cannot hold BLOB");
      assertThat(app.one("SELECT quote('a' || char(0) || 'b')")).doesNotContain("b");
    }
  }

  @Test
  void whoeverDoesNotWaitIsRefusedWhileAnotherWrites() {
    try (PlainSql app = open();
        PlainSql other = open()) {
      app.run("PRAGMA journal_mode = WAL", "CREATE TABLE t (v)", "PRAGMA busy_timeout = 0");
      other.run("BEGIN IMMEDIATE");
      assertThatThrownBy(() -> app.run("INSERT INTO t VALUES (1)")).hasStackTraceContaining("BUSY");
      other.run("COMMIT");
    }
  }

  @Test
  void aReaderThatTurnsWriterAfterAnotherWroteIsRefusedAtOnce() {
    try (PlainSql app = open();
        PlainSql other = open()) {
      app.run("PRAGMA journal_mode = WAL", "CREATE TABLE t (v)");
      app.run("BEGIN");
      app.one("SELECT count(*) FROM t");
      other.run("INSERT INTO t VALUES (1)");
      assertThatThrownBy(() -> app.run("INSERT INTO t VALUES (2)"))
          .hasStackTraceContaining("BUSY_SNAPSHOT");
      app.run("ROLLBACK");
    }
  }

  @Test
  void withoutAWriteAheadLogAReaderKeepsOthersFromCommitting() {
    try (PlainSql app = open();
        PlainSql other = open()) {
      app.run("CREATE TABLE t (v)", "PRAGMA busy_timeout = 0");
      other.run("BEGIN");
      other.one("SELECT count(*) FROM t");
      assertThatThrownBy(() -> app.run("INSERT INTO t VALUES (1)")).hasStackTraceContaining("BUSY");
      other.run("COMMIT");
      app.run("INSERT INTO t VALUES (1)");
    }
  }

  @Test
  void ourSqliteIsOneThatDoesNotDamageASharedWriteAheadLog() {
    try (PlainSql app = open()) {
      List<Integer> version =
          Stream.of(app.one("SELECT sqlite_version()").split("\\.", -1))
              .map(Integer::valueOf)
              .toList();
      int packed = version.get(0) * 1_000_000 + version.get(1) * 1_000 + version.get(2);
      assertThat(packed).isGreaterThanOrEqualTo(3_051_003);
    }
  }

  @Test
  void anOpenReaderLetsTheWriteAheadLogGrow() throws IOException {
    Path log = folder.resolve("facts.db-wal");
    try (PlainSql app = open();
        PlainSql other = open()) {
      app.run("PRAGMA journal_mode = WAL", "CREATE TABLE t (id INTEGER PRIMARY KEY, v)");
      fill(app);
      long alone = java.nio.file.Files.size(log);
      other.run("BEGIN");
      other.one("SELECT count(*) FROM t");
      fill(app);
      assertThat(java.nio.file.Files.size(log)).isGreaterThan(2 * alone);
    }
  }

  private static void fill(PlainSql app) {
    for (int i = 0; i < 60; i++) {
      app.run("REPLACE INTO t VALUES (1, randomblob(200000))");
    }
  }

  @Test
  void aFullDiskWithinATriggerFailsTheProgramsWrite() {
    try (PlainSql app = open()) {
      app.run(
          "CREATE TABLE t (v)",
          "CREATE TABLE log (v)",
          "CREATE TRIGGER u AFTER UPDATE ON t BEGIN"
              + " INSERT INTO log VALUES (zeroblob(900000)); END",
          "PRAGMA max_page_count = 50",
          "BEGIN",
          "INSERT INTO t VALUES (1)");
      assertThatThrownBy(() -> app.run("UPDATE t SET v = 2")).hasStackTraceContaining("FULL");
      assertThat(app.one("SELECT count(*) FROM t WHERE v = 2")).isEqualTo("0");
    }
  }

  @Test
  void aTransactionIsWholeOrAbsentInASnapshot() {
    try (PlainSql app = open();
        PlainSql other = open()) {
      app.run("PRAGMA journal_mode = WAL", "CREATE TABLE t (v)");
      app.run("BEGIN", "INSERT INTO t VALUES (1)");
      other.run("BEGIN");
      assertThat(other.one("SELECT count(*) FROM t")).isEqualTo("0");
      app.run("INSERT INTO t VALUES (2)", "COMMIT");
      assertThat(other.one("SELECT count(*) FROM t")).isEqualTo("0");
      other.run("COMMIT");
      assertThat(other.one("SELECT count(*) FROM t")).isEqualTo("2");
    }
  }
}
