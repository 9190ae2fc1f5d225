package sh.fazt.mesh.sim;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import sh.fazt.mesh.commands.SqliteFile;

/**
 * A program of its own that writes to a database and tells which commits were acknowledged, to be
 * killed at any moment. Its own rows begin with its name. Confined, but for what it hears.
 */
final class CrashApp {
  /** What stands for a row that is not there. */
  static final String ABSENT = "-";

  private final String name;
  private final SqliteFile file;
  private final Process process;
  private final Thread listener;
  private final Map<String, String> acknowledged = new TreeMap<>();
  private final Map<String, String> pending = new TreeMap<>();
  private final List<String> complaints = new ArrayList<>();
  private final AtomicInteger commits = new AtomicInteger();
  private volatile boolean finished;

  private CrashApp(String name, SqliteFile file, Process process) {
    this.name = name;
    this.file = file;
    this.process = process;
    this.listener = new Thread(this::listen, name);
  }

  /** Whether there is a Python that has SQLite. */
  static boolean isPossible() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "-c", "import sqlite3").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Puts the program into a folder. */
  static Path script(Path folder) throws IOException {
    Path script = folder.resolve("crasher.py");
    try (var source = CrashApp.class.getResourceAsStream("/writers/crasher.py")) {
      Files.copy(source, script);
    }
    return script;
  }

  /**
   * How it writes.
   *
   * @param transactions after which it waits
   * @param pastTriggers whether some writes are such as no trigger sees
   */
  record Habit(Path script, int transactions, boolean pastTriggers) {}

  static CrashApp start(Habit habit, SqliteFile file, String name, long seed) throws IOException {
    Process process =
        new ProcessBuilder(
                "python3",
                habit.script().toString(),
                file.path().toString(),
                name,
                String.valueOf(seed),
                String.valueOf(habit.transactions()),
                String.valueOf(habit.pastTriggers()))
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .directory(new File("/"))
            .start();
    CrashApp app = new CrashApp(name, file, process);
    app.listener.start();
    return app;
  }

  private void listen() {
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        hear(line);
      }
    } catch (IOException e) {
      complaints.add(e.toString());
    }
  }

  private void hear(String line) {
    if (line.equals("A")) {
      acknowledged.putAll(pending);
      pending.clear();
      commits.incrementAndGet();
    } else if (line.equals("E")) {
      finished = true;
    } else if (line.equals("T") || line.startsWith("T\t")) {
      pending.clear();
      for (String change : line.split("\t", -1)) {
        int equals = change.indexOf('=');
        if (equals > 0) {
          pending.put(change.substring(0, equals), change.substring(equals + 1));
        }
      }
    } else {
      complaints.add(line);
    }
  }

  /** How many of its commits were acknowledged so far. */
  int commits() {
    return commits.get();
  }

  /** Whether it has written all that it had to. */
  boolean isFinished() {
    return finished;
  }

  /** Kills it and does not look at the file. */
  void die() throws InterruptedException {
    // By its handle: the process itself would close the pipe, with what was said and not heard yet.
    process.toHandle().destroyForcibly();
    listener.join();
    process.waitFor();
  }

  /**
   * Kills it, and finds out how its own rows stand: as they were acknowledged last, or, if it died
   * between a commit and the word of it, as that commit left them, all of them.
   *
   * @return its own rows, {@link #ABSENT} for those that it deleted
   */
  Map<String, String> kill() throws InterruptedException, SQLException {
    die();
    if (!complaints.isEmpty()) {
      throw new AssertionError(name + " was told: " + String.join("\n", complaints));
    }
    Map<String, String> rows = new TreeMap<>();
    for (String row : file.rows(CrashJudge.ROWS_OF + "'" + name + "-%'")) {
      int bar = row.indexOf('|');
      rows.put(row.substring(0, bar), row.substring(bar + 1));
    }
    Map<String, String> committed = new TreeMap<>(acknowledged);
    committed.putAll(pending);
    return CrashJudge.differences(committed, rows).isEmpty() ? committed : Map.copyOf(acknowledged);
  }
}
