package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of 50 MB travel between daemons, each in its heap of 384 MB. */
final class LargeValuesTest {
  private static final String DIGEST =
      "SELECT id, typeof(v), length(v), hex(substr(v, 1, 20)), hex(substr(v, -20)) FROM t"
          + " ORDER BY id";

  private static final int ATTEMPTS_MAX = 20;

  @TempDir private Path folder;
  private FaztProcess fazt;

  @AfterEach
  void end() {
    fazt.stopDaemons();
  }

  @Test
  void fiftyMegabytesTravelBothWaysAndToANewcomer() throws Exception {
    fazt = new FaztProcess(folder);
    SqliteFile vps = new SqliteFile(folder.resolve("vps.db"));
    SqliteFile laptop = new SqliteFile(folder.resolve("laptop.db"));
    SqliteFile wide = new SqliteFile(folder.resolve("wide.db"));
    wide.run("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    vps.run("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    vps.run("INSERT INTO t VALUES ('before', randomblob(50000000)), ('empty', x''), ('no', '')");
    String url = fazt.found("vps.db");
    fazt.join("laptop.db", "vps.db", url);
    vps.run("INSERT INTO t VALUES ('blob', randomblob(50000000))");
    laptop.run("INSERT INTO t VALUES ('text', hex(randomblob(25000000)))");
    meet("laptop.db", 1);
    assertThat(laptop.rows(DIGEST)).isEqualTo(vps.rows(DIGEST)).hasSize(5);
    fazt.join("wide.db", "vps.db", url);
    meet("wide.db", 2);
    wide.run("UPDATE t SET v = v || 'é' WHERE id = 'text'");
    meet("wide.db", 2);
    meet("laptop.db", 2);
    assertThat(vps.rows("SELECT substr(v, -1), length(v) FROM t WHERE id = 'text'"))
        .containsExactly("é|50000001");
    assertThat(laptop.rows(DIGEST)).isEqualTo(vps.rows(DIGEST));
    peaks("vps.db", "laptop.db", "wide.db");
  }

  @Test
  void manyLargeRowsFromBeforeTheMesh() throws Exception {
    fazt = new FaztProcess(folder);
    SqliteFile vps = new SqliteFile(folder.resolve("vps.db"));
    SqliteFile laptop = new SqliteFile(folder.resolve("laptop.db"));
    vps.run("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    vps.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)"
            + " INSERT INTO t SELECT 'r' || i, zeroblob(3000000) FROM n");
    fazt.join("laptop.db", "vps.db", fazt.found("vps.db"));
    meet("laptop.db", 1);
    assertThat(laptop.rows("SELECT count(*), sum(length(v)) FROM t"))
        .containsExactly("120|360000000");
    peaks("vps.db", "laptop.db");
  }

  private void peaks(String... databases) throws Exception {
    for (String database : databases) {
      long pid = fazt.daemon(database).pid();
      String memory =
          Files.readString(Path.of("/proc/" + pid + "/status"))
              .lines()
              .filter(line -> line.startsWith("VmHWM"))
              .findFirst()
              .orElse("");
      System.out.println(database + " " + memory);
      assertThat(folder.resolve(database + ".mesh/daemon.log")).content().doesNotContain("ERROR");
    }
  }

  /** A node that takes in such values may be out of reach for seconds. */
  private void meet(String database, int others) throws Exception {
    String command = "mesh sync --db " + database + " --timeout 60s --wait " + others;
    FaztProcess.Result result = fazt.run(command);
    for (int i = 1; i < ATTEMPTS_MAX && result.exit() != 0; i++) {
      result = fazt.run(command);
    }
    result.succeeds();
  }
}
