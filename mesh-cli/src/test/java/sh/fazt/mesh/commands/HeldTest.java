package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.output.Json;

/** A mass delete waits until a person says, between real processes. */
final class HeldTest {
  @TempDir private Path folder;
  private FaztProcess fazt;
  private SqliteFile vps;
  private SqliteFile laptop;

  @BeforeEach
  void twoNodes() throws Exception {
    fazt = new FaztProcess(folder);
    vps = new SqliteFile(folder.resolve("vps.db"));
    laptop = new SqliteFile(folder.resolve("laptop.db"));
    vps.run("CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT)");
    vps.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
            + " INSERT INTO notes SELECT 'n' || i, 'note ' || i FROM n");
    fazt.join("laptop.db", "vps.db", fazt.found("vps.db"));
    laptop.run("DELETE FROM notes WHERE body <> 'note 7'");
    fazt.run("mesh sync --db laptop.db").succeeds();
  }

  @AfterEach
  void stopDaemons() {
    fazt.stopDaemons();
  }

  @Test
  void whoDeletedDecidesAndThenWhoeverReceivesIt() throws Exception {
    assertHeld("laptop.db", "laptop");
    assertThat(vps.rows("SELECT count(*) FROM notes")).containsExactly("150");
    Json.Obj allowed = fazt.run("mesh allow notes --json --db laptop.db").succeeds().json();
    assertThat(Files.exists(folder.resolve(allowed.text("restore_point")))).isTrue();
    fazt.run("mesh sync --db laptop.db").succeeds();
    assertThat(fazt.status("laptop.db").text("verdict")).isEqualTo("in_sync");
    assertHeld("vps.db", "laptop");
    ProcessHandle daemon = fazt.daemon("vps.db");
    daemon.destroyForcibly();
    daemon.onExit().join();
    fazt.run("mesh allow --json --db vps.db").failsWith(2, "USAGE");
    assertThat(vps.rows("SELECT count(*) FROM notes")).containsExactly("150");
    Json.Obj there = fazt.run("mesh allow --yes --json --db vps.db").succeeds().json();
    assertThat(vps.rows("SELECT body FROM notes")).containsExactly("note 7");
    SqliteFile kept = new SqliteFile(folder.resolve(there.text("restore_point")));
    assertThat(kept.rows("SELECT count(*) FROM notes")).containsExactly("149");
  }

  @Test
  void undoneTheRowsAreBackAndTheOthersHeardOfNothing() throws Exception {
    assertThat(fazt.run("mesh allow --undo --db laptop.db").succeeds().out())
        .contains("149 rows of notes are back");
    assertThat(laptop.rows("SELECT count(*) FROM notes")).containsExactly("150");
    fazt.run("mesh sync --db laptop.db").succeeds();
    fazt.run("mesh status --check --db laptop.db").succeeds();
    fazt.run("mesh status --check --db vps.db").succeeds();
    assertThat(fazt.run("mesh allow --db laptop.db").succeeds().out()).contains("No deletes wait");
  }

  @Test
  void aTableMayBeLeftUnguarded() throws Exception {
    fazt.run("mesh allow --undo --db laptop.db").succeeds();
    fazt.run("mesh track notes --no-guard --db laptop.db").succeeds();
    fazt.run("mesh track notes --no-guard --db vps.db").succeeds();
    laptop.run("DELETE FROM notes");
    fazt.run("mesh sync --db laptop.db").succeeds();
    assertThat(vps.rows("SELECT count(*) FROM notes")).containsExactly("0");
  }

  private void assertHeld(String database, String author) throws Exception {
    Json.Obj status = fazt.status(database);
    assertThat(status.text("verdict")).isEqualTo("held");
    Json.Obj held = status.objects("warnings").get(0).object("held");
    assertThat(held.text("table")).isEqualTo("notes");
    assertThat(held.text("author")).isEqualTo(author);
    assertThat(held.whole("rows")).isEqualTo(149);
    assertThat(fazt.run("mesh status --check --db " + database).exit()).isEqualTo(6);
  }
}
