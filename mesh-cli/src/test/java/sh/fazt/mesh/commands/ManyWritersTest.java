package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that know nothing of any mesh write to both databases at once, while a daemon is killed
 * and comes back: both end equal, and no acknowledged write is lost.
 */
final class ManyWritersTest {
  private static final int TRANSACTIONS = 250;
  private static final int WRITERS_A_SIDE = 2;

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private FaztProcess fazt;
  private SqliteFile vps;
  private SqliteFile laptop;

  @BeforeEach
  void twoNodes() throws Exception {
    fazt = new FaztProcess(folder);
    vps = new SqliteFile(folder.resolve("vps.db"));
    laptop = new SqliteFile(folder.resolve("laptop.db"));
    vps.run("CREATE TABLE items (id TEXT PRIMARY KEY, text TEXT, number INTEGER)");
    vps.run("INSERT INTO items VALUES ('from before', 'the mesh', 0)");
    fazt.join("laptop.db", "vps.db", fazt.found("vps.db"));
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
    fazt.stopDaemons();
  }

  @Test
  void noWriteOfJavaProgramsIsLost() throws Exception {
    converge(ManyWritersTest::java);
  }

  @Test
  void noWriteOfPythonProgramsIsLost() throws Exception {
    Optional<String> python = python();
    assumeTrue(python.isPresent(), "python3 with sqlite3 is not installed here");
    Path script = folder.resolve("writer.py");
    try (var source = ManyWritersTest.class.getResourceAsStream("/writers/writer.py")) {
      Files.copy(source, script);
    }
    converge(
        (file, name, seed) -> python(List.of(python.get(), script.toString()), file, name, seed));
  }

  /** Makes a program that writes. */
  private interface Writers {
    Callable<Map<String, String>> make(SqliteFile file, String name, long seed);
  }

  private static Callable<Map<String, String>> java(SqliteFile file, String name, long seed) {
    return new RandomWriter(file, name, seed, TRANSACTIONS);
  }

  private void converge(Writers writers) throws Exception {
    ProcessHandle daemon = fazt.daemon("laptop.db");
    List<Future<Map<String, String>>> running = new ArrayList<>(wave(writers, 0));
    while (laptop.rows("SELECT 1 FROM items WHERE id LIKE 'laptop%' LIMIT 20").size() < 20) {
      Thread.onSpinWait();
    }
    daemon.destroyForcibly();
    daemon.onExit().join();
    fazt.run("mesh daemon --db laptop.db --detach").succeeds();
    running.addAll(wave(writers, 1));
    Map<String, String> acknowledged = new TreeMap<>();
    acknowledged.put("from before", "the mesh|0");
    for (Future<Map<String, String>> writer : running) {
      acknowledged.putAll(writer.get());
    }
    fazt.run("mesh sync --db laptop.db --timeout 60s --wait 1").succeeds();
    fazt.run("mesh sync --db vps.db --timeout 60s --wait 1").succeeds();
    assertThat(laptop.rows("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(vps.rows("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(items(laptop)).isEqualTo(items(vps));
    assertThat(ownItems(vps)).isEqualTo(acknowledged);
    leaveWithoutTrace();
  }

  private List<Future<Map<String, String>>> wave(Writers writers, int wave) {
    List<Future<Map<String, String>>> running = new ArrayList<>();
    for (int i = 0; i < WRITERS_A_SIDE; i++) {
      String number = wave + "." + i;
      running.add(threads.submit(writers.make(vps, "vps" + number, 10 * wave + i)));
      running.add(threads.submit(writers.make(laptop, "laptop" + number, 100 + 10 * wave + i)));
    }
    return running;
  }

  private void leaveWithoutTrace() throws Exception {
    List<String> before = items(laptop);
    for (String database : List.of("laptop.db", "vps.db")) {
      fazt.run("mesh leave --db " + database + " --yes").succeeds();
      SqliteFile file = new SqliteFile(folder.resolve(database));
      assertThat(file.rows("SELECT name FROM sqlite_master ORDER BY name"))
          .containsExactly("items", "sqlite_autoindex_items_1");
      assertThat(items(file)).isEqualTo(before);
      assertThat(file.rows("PRAGMA integrity_check")).containsExactly("ok");
      assertThat(folder.resolve(database + ".mesh")).doesNotExist();
    }
  }

  private static List<String> items(SqliteFile file) throws SQLException {
    return file.rows("SELECT id, text, number, typeof(number) FROM items ORDER BY id");
  }

  private static Map<String, String> ownItems(SqliteFile file) throws SQLException {
    Map<String, String> items = new TreeMap<>();
    for (String row : file.rows("SELECT id, text, number FROM items WHERE id NOT LIKE 'shared%'")) {
      int bar = row.indexOf('|');
      items.put(row.substring(0, bar), row.substring(bar + 1));
    }
    return items;
  }

  private static Callable<Map<String, String>> python(
      List<String> program, SqliteFile file, String name, long seed) {
    return () -> {
      List<String> line = new ArrayList<>(program);
      line.addAll(
          List.of(
              file.path().toString(), name, String.valueOf(seed), String.valueOf(TRANSACTIONS)));
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      Map<String, String> own = new TreeMap<>();
      List<String> said = new ArrayList<>();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        out.lines().forEach(said::add);
      }
      assertThat(process.waitFor()).as(String.join("\n", said)).isZero();
      for (String row : said) {
        String[] parts = row.split("\t", -1);
        own.put(parts[0], parts[1] + "|" + parts[2]);
      }
      return own;
    };
  }

  /** A Python that has SQLite. */
  private static Optional<String> python() throws InterruptedException {
    for (String name : Stream.of("python3", "python").toList()) {
      try {
        Process process = new ProcessBuilder(name, "-c", "import sqlite3").start();
        if (process.waitFor() == 0) {
          return Optional.of(name);
        }
      } catch (IOException e) {
        // Not installed under that name.
      }
    }
    return Optional.empty();
  }
}
