package sh.fazt.mesh.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a daemon that is a process of its own, from one start to the next. */
final class DaemonLogTest {
  private static final int LIMIT = Math.toIntExact(Launcher.ProcessLauncher.LOG_BYTES_MAX);

  private static final String SAID = "what-it-says";

  @TempDir private Path folder;
  private FaztProcess fazt;
  private Path log;
  private Path before;

  @BeforeEach
  void mesh() throws Exception {
    fazt = new FaztProcess(folder, Map.of("JAVA_TOOL_OPTIONS", "-Dsaid=" + SAID));
    new SqliteFile(folder.resolve("vps.db")).run("CREATE TABLE t (id TEXT PRIMARY KEY)");
    fazt.run("mesh init --db vps.db --name vps --listen 127.0.0.1:0 --yes").succeeds();
    log = folder.resolve("vps.db.mesh/daemon.log");
    before = folder.resolve("vps.db.mesh/daemon.log.1");
  }

  @AfterEach
  void stopDaemons() {
    fazt.stopDaemons();
  }

  private static byte[] lines(int bytes) {
    byte[] lines = new byte[bytes];
    Arrays.fill(lines, (byte) 'x');
    lines[bytes - 1] = '\n';
    return lines;
  }

  /** Starts the daemon, whose Java says something, and stops it. */
  private void startAndStop() throws Exception {
    fazt.run("mesh daemon --detach --db vps.db").succeeds();
    fazt.status("vps.db");
    fazt.run("mesh daemon --stop --db vps.db").succeeds();
  }

  @Test
  void aLogOverTheLimitIsPutAsideWholeAndTheNextBegins() throws Exception {
    Files.write(log, lines(LIMIT));
    startAndStop();
    assertThat(before).doesNotExist();
    byte[] grown = Files.readAllBytes(log);
    assertThat(new String(grown, LIMIT, grown.length - LIMIT, UTF_8)).contains(SAID);
    assertThat(Arrays.copyOf(grown, LIMIT)).isEqualTo(lines(LIMIT));
    Files.write(log, lines(LIMIT + 1));
    startAndStop();
    assertThat(Files.readAllBytes(before)).isEqualTo(lines(LIMIT + 1));
    assertThat(log).content().contains(SAID).doesNotContain("x".repeat(100));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
        .isEqualTo("rw-------");
    startAndStop();
    assertThat(Files.size(before)).isEqualTo(LIMIT + 1);
    fazt.run("mesh leave --db vps.db --yes").succeeds();
    assertThat(log.getParent()).doesNotExist();
  }
}
