package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.output.Json;

/** A daemon that the system tells to end closes as one that its owner stops. */
final class TerminatedDaemonTest {
  @TempDir private Path folder;
  private FaztProcess fazt;

  @AfterEach
  void end() {
    fazt.stopDaemons();
  }

  @Test
  void whatWasKnownToBeElsewhereIsKnownAfterASignalToEnd() throws Exception {
    fazt = new FaztProcess(folder);
    SqliteFile vps = new SqliteFile(folder.resolve("vps.db"));
    vps.run("CREATE TABLE t (id TEXT PRIMARY KEY)");
    fazt.join("laptop.db", "vps.db", fazt.found("vps.db"));
    new SqliteFile(folder.resolve("laptop.db")).run("INSERT INTO t VALUES ('a'), ('b')");
    fazt.run("mesh sync --db laptop.db --wait 1").succeeds();
    ProcessHandle daemon = fazt.daemon("laptop.db");
    assertThat(daemon.destroy()).isTrue();
    daemon.onExit().join();
    Json.Obj status = fazt.run("mesh status --db laptop.db --format json").json();
    assertThat(status.text("verdict")).isEqualTo("stopped");
    assertThat(status.objects("peers").get(0).whole("ahead")).isZero();
    assertThat(status.objects("warnings")).isEmpty();
  }
}
