package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/** Runs {@code fazt} as people do: a process of its own a command, in one folder. */
record FaztProcess(Path folder) {
  private static final long SECONDS_MAX = 90;

  /** What a command printed. */
  record Result(String command, String out, String err, int exit) {
    Result succeeds() {
      assertThat(exit).as("$ fazt %s%n%s%n%s", command, out, err).isZero();
      return this;
    }

    Json.Obj json() {
      try {
        return (Json.Obj) JsonText.parse(out);
      } catch (MalformedException e) {
        throw new AssertionError(out, e);
      }
    }
  }

  Result run(String command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfazt.terminals="));
    line.addAll(List.of("-cp", System.getProperty("java.class.path")));
    line.add(Main.class.getName());
    line.addAll(List.of(command.split(" ", -1)));
    Path out = Files.createTempFile(folder, "out", null);
    Path err = Files.createTempFile(folder, "err", null);
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().put("FAZT_HOME", folder.resolve("home").toString());
    builder.environment().put("LANG", "C.UTF-8");
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS))
          .as("$ fazt %s ends; so far: %s", command, Files.readString(err))
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Result(command, Files.readString(out), Files.readString(err), process.exitValue());
  }
}
