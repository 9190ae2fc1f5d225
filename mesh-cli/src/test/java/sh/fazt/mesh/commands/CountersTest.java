package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that know nothing of any mesh increment one counter, each in its own database. */
final class CountersTest {
  private static final int INCREMENTS = 10_000;

  @TempDir private Path folder;
  private FaztProcess fazt;
  private SqliteFile vps;
  private SqliteFile laptop;

  @BeforeEach
  void twoNodes() throws Exception {
    fazt = new FaztProcess(folder);
    vps = new SqliteFile(folder.resolve("vps.db"));
    laptop = new SqliteFile(folder.resolve("laptop.db"));
    vps.run("CREATE TABLE posts (id TEXT PRIMARY KEY, likes INTEGER)");
    vps.run("INSERT INTO posts VALUES ('a', 7)");
    fazt.join("laptop.db", "vps.db", fazt.found("vps.db"));
    assertThat(fazt.run("mesh track posts --merge likes=counter --db vps.db").succeeds().out())
        .contains("likes merges as counter");
    sync();
  }

  @AfterEach
  void end() {
    fazt.stopDaemons();
  }

  private void sync() throws Exception {
    fazt.run("mesh sync --db laptop.db --timeout 60s --wait 1").succeeds();
    fazt.run("mesh sync --db vps.db --timeout 60s --wait 1").succeeds();
  }

  /** The command line shell, with each increment a transaction of its own. */
  private Process incrementing(Path file) throws Exception {
    Path script = folder.resolve(file.getFileName() + ".sql");
    Files.writeString(
        script,
        ".timeout 20000\n"
            + "UPDATE posts SET likes = likes + 1 WHERE id = 'a';\n".repeat(INCREMENTS));
    return new ProcessBuilder("sqlite3", file.toString())
        .redirectInput(script.toFile())
        .redirectErrorStream(true)
        .start();
  }

  private void incrementBoth() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (String name : List.of("vps.db", "laptop.db")) {
      processes.add(incrementing(folder.resolve(name)));
    }
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    }
  }

  @Test
  void theSumIsExactOnlineAndOffline() throws Exception {
    assumeTrue(hasShell(), "sqlite3 is not installed here");
    incrementBoth();
    sync();
    assertThat(vps.rows("SELECT likes FROM posts")).containsExactly("" + (7 + 2 * INCREMENTS));
    assertThat(laptop.rows("SELECT likes FROM posts"))
        .isEqualTo(vps.rows("SELECT likes FROM posts"));
    fazt.stopDaemons();
    incrementBoth();
    for (String name : List.of("vps.db", "laptop.db")) {
      fazt.run("mesh daemon --db " + name + " --detach").succeeds();
    }
    sync();
    assertThat(vps.rows("SELECT likes FROM posts")).containsExactly("" + (7 + 4 * INCREMENTS));
    assertThat(laptop.rows("SELECT likes FROM posts"))
        .isEqualTo(vps.rows("SELECT likes FROM posts"));
    assertThat(fazt.run("mesh explain posts a --db laptop.db").succeeds().out()).contains("merged");
  }

  private static boolean hasShell() throws InterruptedException {
    try {
      return new ProcessBuilder("sqlite3", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      // Justification: that it cannot be started is the answer.
      return false;
    }
  }
}
