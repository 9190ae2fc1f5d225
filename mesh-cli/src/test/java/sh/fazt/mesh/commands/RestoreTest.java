package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.output.Json;

/** What lost is written back and reaches the other node, between real processes. */
final class RestoreTest {
  @TempDir private Path folder;
  private FaztProcess fazt;
  private SqliteFile vps;
  private SqliteFile laptop;

  @BeforeEach
  void twoNodesThatWroteApart() throws Exception {
    fazt = new FaztProcess(folder);
    vps = new SqliteFile(folder.resolve("vps.db"));
    laptop = new SqliteFile(folder.resolve("laptop.db"));
    vps.run("CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT, stars INT)");
    vps.run("INSERT INTO notes VALUES ('a', 'first', 1), ('b', 'first', 2)");
    fazt.join("laptop.db", "vps.db", fazt.found("vps.db"));
    stop("laptop.db");
    laptop.run("UPDATE notes SET body = 'light' WHERE id = 'a'");
    laptop.run("UPDATE notes SET body = 'late' WHERE id = 'b'");
    vps.run("UPDATE notes SET body = 'dark' WHERE id = 'a'");
    vps.run("DELETE FROM notes WHERE id = 'b'");
    fazt.run("mesh daemon --detach --db laptop.db").succeeds();
    sync();
  }

  @AfterEach
  void stopDaemons() {
    fazt.stopDaemons();
  }

  @Test
  void whatIsRestoredReachesTheOtherNodeWithAndWithoutADaemon() throws Exception {
    assertThat(vps.rows("SELECT id || body FROM notes")).containsExactly("adark");
    String value = "mesh conflicts restore " + number("laptop.db", "a") + " --db laptop.db";
    assertThat(fazt.run(value).succeeds().out()).isEqualTo("✓ notes/a body is \"light\" again\n");
    sync();
    assertThat(vps.rows("SELECT id || body FROM notes")).containsExactly("alight");
    stop("vps.db");
    String row = "mesh conflicts restore " + number("vps.db", "b") + " --db vps.db";
    FaztProcess.Result restored = fazt.run(row).succeeds();
    assertThat(restored.out()).isEqualTo("✓ notes/b is back: body \"late\", stars 2\n");
    assertThat(restored.err()).contains("once the daemon runs: fazt mesh daemon --detach");
    fazt.run("mesh daemon --detach --db vps.db").succeeds();
    sync();
    assertThat(laptop.rows("SELECT id || body || stars FROM notes ORDER BY id"))
        .containsExactly("alight1", "blate2");
    for (String database : List.of("laptop.db", "vps.db")) {
      assertThat(conflicts(database)).isEmpty();
    }
    assertThat(
            fazt.run("mesh conflicts restore 99 --json --db vps.db")
                .failsWith(2, "CONFLICT_UNKNOWN"))
        .contains("no conflict 99");
  }

  private long number(String database, String key) throws Exception {
    return conflicts(database).stream()
        .filter(conflict -> conflict.text("key").equals(key))
        .findFirst()
        .orElseThrow()
        .whole("number");
  }

  private List<Json.Obj> conflicts(String database) throws Exception {
    return fazt.run("mesh conflicts --json --db " + database)
        .succeeds()
        .json()
        .objects("conflicts");
  }

  private void sync() throws Exception {
    fazt.run("mesh sync --wait 1 --timeout 30s --db laptop.db").succeeds();
  }

  private void stop(String database) throws Exception {
    fazt.run("mesh daemon --stop --db " + database).succeeds();
  }
}
