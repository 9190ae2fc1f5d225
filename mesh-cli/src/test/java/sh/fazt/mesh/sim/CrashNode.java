package sh.fazt.mesh.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import sh.fazt.mesh.commands.FaztProcess;
import sh.fazt.mesh.commands.SqliteFile;
import sh.fazt.mesh.control.ControlAddress;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Json;

/** A node whose daemon is a process of its own, to be killed at any moment. Confined. */
final class CrashNode {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FaztProcess fazt;
  private final String name;
  private Optional<Process> daemon = Optional.empty();

  CrashNode(FaztProcess fazt, String name) {
    this.fazt = fazt;
    this.name = name;
  }

  String name() {
    return name;
  }

  Path path() {
    return fazt.folder().resolve(name + ".db");
  }

  SqliteFile file() {
    return new SqliteFile(path());
  }

  Path log() {
    return fazt.folder().resolve(name + ".log");
  }

  /** Runs a command where the database is. */
  FaztProcess.Result run(String command) throws IOException, InterruptedException {
    return fazt.run(command);
  }

  /** Runs a command that may take so long. */
  FaztProcess.Result run(String command, Duration patience)
      throws IOException, InterruptedException {
    return fazt.run(command, patience);
  }

  /** Starts the daemon, if it was not started or was killed; returns at once. */
  void start() throws IOException {
    if (daemon.isEmpty()) {
      Path out = fazt.folder().resolve(name + ".out");
      daemon = Optional.of(fazt.start("mesh daemon --db " + name + ".db --json", out, log()));
    }
  }

  boolean isAlive() {
    return daemon.filter(Process::isAlive).isPresent();
  }

  /**
   * Kills the daemon with a signal that it cannot catch.
   *
   * @return whether it was alive
   */
  boolean kill() throws InterruptedException {
    if (daemon.isEmpty()) {
      return false;
    }
    requireAlive();
    daemon.get().destroyForcibly().waitFor();
    daemon = Optional.empty();
    return true;
  }

  private void requireAlive() {
    if (!isAlive()) {
      throw new AssertionError(name + " has ended by itself:\n" + lastWords());
    }
  }

  /** The most memory that the daemon has held so far, as the kernel tells. */
  String memory() throws IOException {
    Path status = Path.of("/proc/" + daemon.orElseThrow().pid() + "/status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .findFirst()
        .orElseThrow();
  }

  /** The end of what the daemon has logged. */
  String lastWords() {
    try {
      String all = Files.readString(log());
      return all.substring(Math.max(0, all.length() - 4_000));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What the daemon answers; empty if it does not serve yet. */
  Optional<Json.Obj> ask(String method, Json.Obj params) {
    try {
      Optional<ControlClient> client = ControlClient.connect(ControlAddress.of(path(), Map.of()));
      if (client.isEmpty()) {
        return Optional.empty();
      }
      try (ControlClient asked = client.get()) {
        return Optional.of(asked.call(method, params, Notes.NONE, PATIENCE));
      }
    } catch (MeshException e) {
      return Optional.empty();
    }
  }

  Optional<Json.Obj> status() {
    return ask("status", Json.object());
  }

  /** Whether the daemon says that it and its peers hold the same. */
  boolean isInSync() {
    return status().filter(status -> status.text("verdict").equals("in_sync")).isPresent();
  }

  void awaitServing() {
    await(
        name + " serves",
        PATIENCE,
        () -> {
          requireAlive();
          return status().isPresent();
        });
  }

  /**
   * Waits until {@code condition} holds; returns after how many milliseconds it did. To look takes
   * a fifth of the time at most, or it would hold up what is waited for.
   */
  static long await(String what, Duration patience, BooleanSupplier condition) {
    long start = System.nanoTime();
    long look = start;
    while (!condition.getAsBoolean()) {
      long now = System.nanoTime();
      if (now - start > patience.toNanos()) {
        throw new AssertionError("not within " + patience.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(Math.max(40_000_000, 4 * (now - look)));
      look = System.nanoTime();
    }
    return (System.nanoTime() - start) / 1_000_000;
  }
}
