package sh.fazt.mesh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.capture.Scrubber;

/** What passes every trigger is found by looking at the rows themselves. */
class ScrubTest extends PairOfReplicas {
  private void scrub() {
    Mesh vps = nodes.mesh("vps");
    while (vps.scrub(nodes.nowMillis)) {
      vps.harvest();
    }
    sync();
  }

  private void shell(String... commands) throws Exception {
    try {
      Process process =
          new ProcessBuilder("sqlite3", "-bail", nodes.file("vps").toString())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().write((String.join("\n", commands) + "\n").getBytes(UTF_8));
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
    } catch (IOException e) {
      assumeTrue(false, "sqlite3 is not installed: " + e.getMessage());
    }
  }

  private void pairOfMany() {
    pair(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
        "CREATE TABLE u (k TEXT COLLATE NOCASE PRIMARY KEY, v BLOB) WITHOUT ROWID",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500)"
            + " INSERT INTO t SELECT i, 'v' || i FROM n",
        "INSERT INTO u VALUES ('Key', x'00'), ('other', zeroblob(100))");
  }

  @Test
  void writesWithTriggersSwitchedOffAreFound() throws Exception {
    pairOfMany();
    shell(
        ".dbconfig enable_trigger off",
        "UPDATE t SET v = 'unseen' WHERE id IN (1, 2000, 2001, 4500);",
        "DELETE FROM t WHERE id = 77;",
        "INSERT INTO t VALUES (9999, 'unseen too');",
        "UPDATE u SET v = x'ff' WHERE k = 'key';",
        "DELETE FROM u WHERE k = 'other';");
    sync();
    assertThat(rows("laptop", "SELECT count(*) FROM t WHERE v LIKE 'unseen%'")).containsOnly("0");
    scrub();
    assertSame("t");
    assertSame("u");
    assertThat(rows("laptop", "SELECT count(*) FROM t WHERE v LIKE 'unseen%'")).containsOnly("5");
    assertNothingWaits();
  }

  @Test
  void triggersTakenAwayBehindSqlitesBackAreMendedAndTheirWritesFound() throws Exception {
    pairOfMany();
    shell(
        ".dbconfig defensive off",
        "PRAGMA writable_schema = 1;",
        "DELETE FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%mesh_a%';");
    shell("UPDATE t SET v = 'unseen' WHERE id = 5;");
    scrub();
    assertSame("t");
    shell("UPDATE t SET v = 'seen again' WHERE id = 6;");
    sync();
    assertThat(rows("laptop", "SELECT v FROM t WHERE id IN (5, 6)"))
        .isEqualTo(List.of("unseen", "seen again"));
  }

  @Test
  void blobWrittenInPlaceIsFound() throws Exception {
    pairOfMany();
    pythonBlobWrite();
    scrub();
    assertSame("t");
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 3")).containsExactly("X3");
  }

  private void pythonBlobWrite() throws Exception {
    String script =
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]);"
            + "b = db.blobopen('t', 'v', 3); b.write(b'X'); b.close(); db.commit()";
    try {
      Process process =
          new ProcessBuilder("python3", "-c", script, nodes.file("vps").toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assumeTrue(
          process.waitFor() == 0 || !output.contains("blobopen"), "python3 is older than 3.11");
      assertThat(process.exitValue()).as(output).isZero();
    } catch (IOException e) {
      assumeTrue(false, "python3 is not installed: " + e.getMessage());
    }
  }

  /** So the pace of the pages is the pace of the walk. */
  @Test
  void aWalkTakesTwoPagesForEach2000Rows() {
    pairOfMany();
    int pages = 1;
    while (nodes.mesh("vps").scrub(nodes.nowMillis)) {
      pages++;
    }
    int small = 2;
    int many = 2 * (4_500 / Scrubber.PAGE_ROWS + 1);
    assertThat(pages).isBetween(many, small + many + 1);
  }

  @Test
  void rowsThatAreAsTheyWereShownAreLeftAlone() {
    pairOfMany();
    vps("CREATE UNIQUE INDEX slot ON t (v)", "UPDATE t SET v = 'one' WHERE id = 1");
    laptop("UPDATE t SET v = 'one' WHERE id = 2");
    sync();
    long before = figures("vps").aside();
    assertThat(before).isEqualTo(1);
    scrub();
    assertThat(figures("vps").aside()).isEqualTo(1);
    assertThat(nodes.mesh("vps").harvest()).isEmpty();
  }
}
