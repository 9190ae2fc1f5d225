package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/**
 * Runs {@code fazt} as people do: a process of its own a command, in one folder.
 *
 * @param environment of the processes, besides this one's
 */
public record FaztProcess(Path folder, Map<String, String> environment) {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  public FaztProcess(Path folder) {
    this(folder, Map.of());
  }

  /** What a command printed. */
  public record Result(String command, String out, String err, int exit) {
    public Result succeeds() {
      assertThat(exit).as("$ fazt %s%n%s%n%s", command, out, err).isZero();
      return this;
    }

    /** Checks that it failed so, and returns the message. */
    String failsWith(int status, String code) {
      assertThat(exit).as("$ fazt %s%n%s%n%s", command, out, err).isEqualTo(status);
      assertThat(json().object("error").text("code")).as(out).isEqualTo(code);
      return json().object("error").text("message");
    }

    Json.Obj json() {
      try {
        return (Json.Obj) JsonText.parse(out);
      } catch (MalformedException e) {
        throw new AssertionError("$ fazt " + command + "\n" + out + err, e);
      }
    }
  }

  public Result run(String command) throws IOException, InterruptedException {
    return run(command, PATIENCE);
  }

  /** Runs a command that may take so long. */
  public Result run(String command, Duration patience) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", null);
    Path err = Files.createTempFile(folder, "err", null);
    Process process = start(command, out, err);
    try {
      assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
          .as("$ fazt %s ends; so far: %s", command, Files.readString(err))
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Result(command, Files.readString(out), Files.readString(err), process.exitValue());
  }

  /** Starts a command that may be killed at any moment; what it says is appended to the files. */
  public Process start(String command, Path out, Path err) throws IOException {
    return start(command, Path.of("/dev/null"), out, err);
  }

  Process start(String command, Path in, Path out, Path err) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfazt.terminals="));
    line.add("-Dlogback.configurationFile=logback.xml");
    line.addAll(List.of("-cp", System.getProperty("java.class.path")));
    line.add(Main.class.getName());
    line.addAll(List.of(command.split(" ", -1)));
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().put("FAZT_HOME", folder.resolve("home").toString());
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().putAll(environment);
    builder.redirectInput(in.toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
    return builder.start();
  }

  /** Founds a mesh with an existing database, starts its daemon, and tells where it answers. */
  String found(String database) throws IOException, InterruptedException {
    String address = "127.0.0.1:" + freePort();
    String name = database.replace(".db", "");
    run("mesh init --db " + database + " --name " + name + " --listen " + address + " --yes")
        .succeeds();
    run("mesh daemon --db " + database + " --detach").succeeds();
    return "https://" + address;
  }

  /** Makes a database a member of another's mesh, with a daemon. */
  void join(String database, String inviter, String url) throws IOException, InterruptedException {
    joining(database, url, token(inviter)).succeeds();
  }

  /** Tries to. */
  Result joining(String database, String url, String token)
      throws IOException, InterruptedException {
    String name = database.replace(".db", "");
    String node = " --db " + database + " --name " + name + " --listen 127.0.0.1:0";
    return run("mesh join " + url + node + " --token " + token + " --yes --json");
  }

  String token(String inviter) throws IOException, InterruptedException {
    String token = run("mesh invite --db " + inviter + " -q").succeeds().out().strip();
    assertThat(token).startsWith("fmj1-").doesNotContain("\n");
    return token;
  }

  Json.Obj status(String database) throws IOException, InterruptedException {
    return run("mesh status --db " + database + " --format json").succeeds().json();
  }

  /** The process of a database's daemon. */
  ProcessHandle daemon(String database) throws IOException, InterruptedException {
    return ProcessHandle.of(status(database).object("daemon").whole("pid")).orElseThrow();
  }

  /** Ends every daemon of the folder at once, as a power cut would. */
  void stopDaemons() {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path lock : files.map(file -> file.resolve("lock")).filter(Files::exists).toList()) {
        String pid = Files.readString(lock).strip();
        Optional<ProcessHandle> daemon =
            pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
        if (daemon.isPresent() && daemon.get().pid() != ProcessHandle.current().pid()) {
          daemon.get().destroyForcibly();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
