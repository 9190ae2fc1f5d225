package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.output.Json;

/** What does not show, lost or did not go out is told of, between real processes. */
final class WaitingTest {
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
    vps.run("INSERT INTO notes VALUES ('a', 'of the vps')");
    fazt.join("laptop.db", "vps.db", fazt.found("vps.db"));
  }

  @AfterEach
  void stopDaemons() {
    fazt.stopDaemons();
  }

  @Test
  void aChangeThatWaitsForAColumnIsToldOfUntilTheColumnIsThere() throws Exception {
    vps.run("ALTER TABLE notes ADD COLUMN colour TEXT");
    vps.run("UPDATE notes SET colour = 'red'");
    Json.Obj sync = fazt.run("mesh sync --db laptop.db --json").succeeds().json();
    String wait = "1 change of notes waits for column colour, which is missing here";
    assertThat(messages(sync)).containsExactly(wait);
    Json.Obj status = fazt.status("laptop.db");
    assertThat(status.text("verdict")).isEqualTo("waiting");
    assertThat(messages(status)).containsExactly(wait);
    assertThat(fazt.run("mesh status --check --db laptop.db").exit()).isEqualTo(6);
    assertThat(fazt.run("mesh tables --db laptop.db").succeeds().err())
        .contains("Give notes its column colour by ALTER TABLE");
    assertThat(fazt.run("mesh leave --dry-run --db laptop.db").succeeds().out()).contains(wait);
    laptop.run("ALTER TABLE notes ADD COLUMN colour TEXT");
    fazt.run("mesh sync --db laptop.db").succeeds();
    fazt.run("mesh status --check --db laptop.db").succeeds();
    assertThat(laptop.rows("SELECT colour FROM notes")).containsExactly("red");
  }

  @Test
  void leavingAloneTellsWhatStaysHereAndWhatGoes() throws Exception {
    vps.run("ALTER TABLE notes ADD COLUMN colour TEXT");
    vps.run("UPDATE notes SET colour = 'red'");
    fazt.run("mesh sync --db laptop.db").succeeds();
    kill("vps.db");
    kill("laptop.db");
    laptop.run("INSERT INTO notes VALUES ('b', 'of the laptop')");
    Json.Obj status = fazt.status("laptop.db");
    assertThat(status.objects("peers").get(0).whole("ahead")).isOne();
    assertThat(messages(status))
        .anyMatch(message -> message.startsWith("1 change made here is not known"));
    Json.Obj left = fazt.run("mesh leave --yes --json --db laptop.db").succeeds().json();
    assertThat(left.whole("unsent")).isOne();
    assertThat(left.objects("unsent_tables").get(0).text("name")).isEqualTo("notes");
    assertThat(left.objects("waiting").get(0).text("column")).isEqualTo("colour");
    assertThat(laptop.rows("SELECT id FROM notes ORDER BY id")).containsExactly("a", "b");
  }

  @Test
  void aLeaveWithoutAPeerInReachTellsWhatWasNotSent() throws Exception {
    kill("vps.db");
    fazt.run("mesh daemon --stop --db laptop.db").succeeds();
    fazt.run("mesh daemon --detach --db laptop.db").succeeds();
    laptop.run("INSERT INTO notes VALUES ('b', 'of the laptop')");
    Json.Obj left = fazt.run("mesh leave --yes --json --db laptop.db").succeeds().json();
    assertThat(left.whole("announced_to")).isZero();
    assertThat(left.whole("unsent")).isOne();
    assertThat(left.objects("unsent_tables").get(0).text("name")).isEqualTo("notes");
  }

  @Test
  void aValueThatLostIsListedWithWhoWroteIt() throws Exception {
    kill("laptop.db");
    laptop.run("UPDATE notes SET body = 'of the laptop' WHERE id = 'a'");
    vps.run("UPDATE notes SET body = 'later' WHERE id = 'a'");
    fazt.run("mesh daemon --detach --db laptop.db").succeeds();
    fazt.run("mesh sync --db laptop.db").succeeds();
    for (String database : List.of("laptop.db", "vps.db")) {
      Json.Obj lost =
          fazt.run("mesh conflicts --json --db " + database)
              .succeeds()
              .json()
              .objects("conflicts")
              .get(0);
      assertThat(lost.texts("row")).containsExactly("'a'");
      assertThat(lost.text("lost")).isEqualTo("'of the laptop'");
      assertThat(lost.text("lost_by")).isEqualTo("laptop");
      assertThat(lost.text("now")).isEqualTo("'later'");
      assertThat(fazt.run("mesh status --check --db " + database).succeeds().out())
          .contains("1 value lost")
          .contains("fazt mesh conflicts --db " + database);
    }
  }

  private void kill(String database) throws Exception {
    ProcessHandle daemon = fazt.daemon(database);
    daemon.destroyForcibly();
    daemon.onExit().join();
  }

  private static List<String> messages(Json.Obj document) {
    return document.objects("warnings").stream().map(warning -> warning.text("message")).toList();
  }
}
