package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.output.Json;

/** The beacon commands of a real daemon, and without one. */
final class BeaconProcessTest {
  @TempDir private Path folder;
  private FaztProcess fazt;

  @AfterEach
  void stopDaemons() {
    fazt.stopDaemons();
  }

  private Json.Obj beacon(String command) throws Exception {
    return fazt.run("beacon " + command + " --db vps.db --json").succeeds().json();
  }

  @Test
  void aDaemonOnLoopbackIsSilentAndItsNameIsKept() throws Exception {
    fazt = new FaztProcess(folder);
    new SqliteFile(folder.resolve("vps.db")).run("CREATE TABLE t (id TEXT PRIMARY KEY)");
    fazt.found("vps.db");
    Json.Obj silent = beacon("status");
    assertThat(silent.flag("announcing")).isFalse();
    assertThat(silent.text("name")).isEqualTo("vps");
    assertThat(silent.text("reason")).contains("listens on 127.0.0.1 alone");
    fazt.run("beacon scan --db vps.db --json").failsWith(1, "BEACON_OFF");
    assertThat(beacon("set-name attic").text("name")).isEqualTo("attic");
    fazt.run("mesh daemon --stop --db vps.db").succeeds();
    assertThat(beacon("status").text("name")).isEqualTo("attic");
    assertThat(beacon("set-name cellar").text("name")).isEqualTo("cellar");
    fazt.run("beacon set-name " + "x".repeat(65) + " --db vps.db --json").failsWith(2, "USAGE");
    fazt.run("beacon scan --db vps.db --json").failsWith(3, "DAEMON_NOT_RUNNING");
    fazt.run("mesh daemon --detach --no-beacon --db vps.db").succeeds();
    assertThat(beacon("status").text("reason")).contains("started with --no-beacon");
    assertThat(beacon("status").text("name")).isEqualTo("cellar");
  }
}
