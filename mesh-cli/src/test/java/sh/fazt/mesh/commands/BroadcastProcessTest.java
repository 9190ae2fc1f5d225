package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/** Three daemons in a line, of which one says something and one at the other end watches. */
final class BroadcastProcessTest {
  @TempDir private Path folder;

  @AfterEach
  void stopDaemons() {
    new FaztProcess(folder).stopDaemons();
  }

  private static void await(Path file, String text) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.readString(file).contains(text)) {
      assertThat(System.nanoTime()).as("%s in %s", text, Files.readString(file)).isLessThan(end);
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void whatOneEndSaysTheOtherEndHearsOnce() throws Exception {
    FaztProcess fazt = new FaztProcess(folder);
    new SqliteFile(folder.resolve("b.db")).run("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    String url = fazt.found("b.db");
    fazt.join("a.db", "b.db", url);
    fazt.join("c.db", "b.db", url);
    fazt.run("mesh sync --db a.db").succeeds();
    fazt.run("mesh sync --db c.db").succeeds();
    Path out = Files.createFile(folder.resolve("out"));
    Path err = Files.createFile(folder.resolve("err"));
    Process watch = fazt.start("mesh watch --db c.db", out, err);
    try {
      await(err, "Watching");
      Json.Obj sent = fazt.run("mesh broadcast {\"n\":1} --db a.db --json").succeeds().json();
      assertThat(sent.whole("peers")).isPositive();
      fazt.run("mesh broadcast {\"n\":2} --db a.db").succeeds();
      await(out, "{\"n\":2}");
      interrupt(watch);
    } finally {
      watch.destroyForcibly();
    }
    List<String> heard =
        Files.readAllLines(out).stream().filter(line -> line.contains("mesh.broadcast")).toList();
    assertThat(heard).hasSize(2);
    Json.Obj first = (Json.Obj) JsonText.parse(heard.get(0));
    assertThat(first.object("data").object("payload").whole("n")).isOne();
    assertThat(first.object("data").text("node")).isEqualTo("a");
    assertThat(first.text("source")).isEqualTo(fazt.status("a.db").object("node").text("id"));
    assertThat(fazt.run("mesh daemon --stop --db c.db").exit()).isZero();
  }

  private FaztProcess.Result say(FaztProcess fazt, String text) throws Exception {
    Path in = Files.writeString(folder.resolve("in"), text);
    Path out = Files.createTempFile(folder, "said", null);
    Path err = Files.createTempFile(folder, "said", null);
    String command = "mesh broadcast - --db a.db --json";
    Process process = fazt.start(command, in, out, err);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new FaztProcess.Result(
        command, Files.readString(out), Files.readString(err), process.exitValue());
  }

  @Test
  void moreWhiteSpaceThanTheLimitIsRefusedAndTheNextWordIsHeard() throws Exception {
    FaztProcess fazt = new FaztProcess(folder);
    new SqliteFile(folder.resolve("b.db")).run("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    fazt.join("a.db", "b.db", fazt.found("b.db"));
    fazt.run("mesh sync --db a.db").succeeds();
    Path out = Files.createFile(folder.resolve("out"));
    Path err = Files.createFile(folder.resolve("err"));
    Process watch = fazt.start("mesh watch --db b.db", out, err);
    try {
      await(err, "Watching");
      String wide = " ".repeat(BroadcastCommand.CHARACTERS_MAX - 1);
      say(fazt, wide + "1").succeeds();
      FaztProcess.Result refused = say(fazt, wide + " 2");
      assertThat(refused.failsWith(2, "TOO_LARGE"))
          .isEqualTo(
              "a broadcast of more than 262,144 characters is too large;"
                  + " it may have 16,384 bytes, white space aside");
      assertThat(refused.out()).contains("Write it to a table, and broadcast its key");
      say(fazt, "3").succeeds();
      await(out, "\"payload\":3");
      assertThat(Files.readString(out)).contains("\"payload\":1").doesNotContain("\"payload\":2");
    } finally {
      watch.destroyForcibly();
    }
  }

  @Test
  void whoWatchesADaemonThatIsKilledHearsThatNoneRuns() throws Exception {
    FaztProcess fazt = new FaztProcess(folder);
    new SqliteFile(folder.resolve("b.db")).run("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    fazt.found("b.db");
    Path out = Files.createFile(folder.resolve("out"));
    Path err = Files.createFile(folder.resolve("err"));
    Process watch = fazt.start("mesh watch --db b.db", out, err);
    try {
      await(err, "Watching");
      fazt.daemon("b.db").destroyForcibly();
      assertThat(watch.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(watch.exitValue()).as(Files.readString(err)).isEqualTo(3);
      assertThat(Files.readString(err)).contains("the daemon has ended in the middle of watch");
    } finally {
      watch.destroyForcibly();
    }
  }

  /** As Ctrl-C does; where this build runs in the background, its children do not hear of that. */
  private static void interrupt(Process process) throws Exception {
    String signal = hearsOfInterrupts() ? "-INT" : "-TERM";
    new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().waitFor();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(signal.equals("-INT") ? 130 : 143);
  }

  private static boolean hearsOfInterrupts() throws Exception {
    String ignored =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElseThrow();
    return (Long.parseUnsignedLong(ignored, 16) & 2) == 0;
  }
}
