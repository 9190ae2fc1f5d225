package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.output.Json;

/** The doctor of a real node: well, stopped, and broken in the ways that happen. */
final class DoctorProcessTest {
  @TempDir private Path folder;

  @AfterEach
  void stopDaemons() {
    new FaztProcess(folder).stopDaemons();
  }

  @Test
  void theExitStatusTellsWellDegradedAndBroken() throws Exception {
    FaztProcess fazt = new FaztProcess(folder);
    SqliteFile vps = new SqliteFile(folder.resolve("vps.db"));
    vps.run("CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT)");
    fazt.found("vps.db");
    FaztProcess.Result well = fazt.run("mesh doctor --db vps.db").succeeds();
    assertThat(well.out()).contains("daemon running, pid").contains("checks are well");
    fazt.run("mesh daemon --stop --db vps.db").succeeds();
    FaztProcess.Result stopped = fazt.run("mesh doctor --json --db vps.db");
    assertThat(stopped.exit()).isEqualTo(6);
    assertThat(state(stopped.json(), "DAEMON")).isEqualTo("warning");
    Files.delete(folder.resolve("vps.db.mesh").resolve("node.key"));
    FaztProcess.Result keyless = fazt.run("mesh doctor --json --db vps.db");
    assertThat(keyless.exit()).isEqualTo(1);
    assertThat(state(keyless.json(), "NODE_KEY")).isEqualTo("failed");
    assertThat(state(keyless.json(), "TRIGGERS")).isEqualTo("ok");
    FaztProcess.Result nothing = fazt.run("mesh doctor --json --db vsp.db");
    assertThat(nothing.exit()).isEqualTo(1);
    assertThat(nothing.json().objects("checks").get(0).text("code")).isEqualTo("NO_DATABASE");
    assertThat(nothing.out()).contains("did you mean vps.db?");
    assertThat(folder.resolve("vsp.db")).doesNotExist();
  }

  private static String state(Json.Obj document, String check) {
    return document.objects("checks").stream()
        .filter(each -> each.text("check").equals(check))
        .findFirst()
        .orElseThrow()
        .text("state");
  }
}
