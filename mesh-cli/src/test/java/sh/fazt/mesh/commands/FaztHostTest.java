package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fazt's own database through all its shapes, migration by migration, by the sqlite3 shell and by
 * Python, on two nodes whose daemons run and whose applications go on writing.
 */
final class FaztHostTest {
  private static final int FIRST = 4;
  private static final int LAST = 20;
  private static final int LAG_MAX = 3;
  private static final long BACK_MILLIS_MAX = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final List<String> PRESET =
      List.of(
          "apps",
          "aliases",
          "files",
          "app_kv",
          "app_docs",
          "app_blobs",
          "kv_store",
          "domains",
          "redirects",
          "webhooks",
          "env_vars",
          "deployments");

  /** What is replicated from that migration on, as nothing does it by itself. */
  private static final Map<Integer, String> TRACKED =
      Map.of(5, "app_blobs", 7, "env_vars deployments", 9, "domains", 10, "redirects webhooks");

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Map<String, AtomicInteger> commits = new TreeMap<>();
  private final Map<String, Long> backMillis = new LinkedHashMap<>();
  private FaztProcess fazt;

  @AfterEach
  void end() {
    stop.set(true);
    threads.shutdownNow();
    fazt.stopDaemons();
  }

  @Test
  void allShapesOfFaztsDatabaseWithBothDaemonsUp() throws Exception {
    fazt = new FaztProcess(folder);
    Map<String, Integer> shapes = new TreeMap<>();
    for (String node : List.of("laptop", "vps")) {
      for (int number = 1; number <= FIRST; number++) {
        migrate(node, number);
      }
      shapes.put(node, FIRST);
      file(node).run(ownRows(node));
    }
    fazt.join("laptop.db", "vps.db", fazt.found("vps.db"));
    List<Future<Map<String, String>>> writers = new ArrayList<>();
    for (String node : shapes.keySet()) {
      commits.put(node, new AtomicInteger());
      writers.add(threads.submit(new HostWriter(file(node), node, commits.get(node), stop)));
    }
    Random chance = new Random(20);
    while (shapes.values().stream().anyMatch(shape -> shape < LAST)) {
      String node = next(shapes, chance);
      advance(node, shapes.merge(node, 1, Integer::sum));
      goOn(writers);
    }
    stop.set(true);
    Map<String, String> acknowledged = new TreeMap<>();
    for (Future<Map<String, String>> writer : writers) {
      acknowledged.putAll(writer.get());
    }
    file("vps").run("DELETE FROM apps WHERE id = 'gone'");
    meet();
    assertAllArrived(acknowledged);
    System.out.println(
        commits
            + " transactions beside "
            + backMillis.size()
            + " migrations; triggers back after "
            + backMillis
            + " ms");
    assertThat(backMillis.values())
        .allSatisfy(each -> assertThat(each).isLessThan(BACK_MILLIS_MAX));
  }

  private static String next(Map<String, Integer> shapes, Random chance) {
    String node = chance.nextBoolean() ? "vps" : "laptop";
    String other = node.equals("vps") ? "laptop" : "vps";
    boolean done = shapes.get(node) == LAST;
    boolean ahead = shapes.get(node) - shapes.get(other) >= LAG_MAX;
    return done || ahead ? other : node;
  }

  private void advance(String node, int number) throws Exception {
    migrate(node, number);
    long ran = System.nanoTime();
    await(() -> withoutTriggers(node).isEmpty());
    long millis = Duration.ofNanos(System.nanoTime() - ran).toMillis();
    backMillis.put(node + " " + number, millis);
    if (TRACKED.containsKey(number)) {
      fazt.run("mesh track " + TRACKED.get(number) + " --db " + node + ".db").succeeds();
    }
    if (node.equals("vps")) {
      file(node).run(rowsOfShape(number));
    }
  }

  /** Rows whose keys are automatic numbers come from one node alone. */
  private static String rowsOfShape(int number) {
    return switch (number) {
      case 5 -> "INSERT INTO app_blobs (app_id, path, data) VALUES ('app', 'a', randomblob(90000))";
      case 7 ->
          "INSERT INTO env_vars (site_id, name, value) VALUES ('site', 'A', '1'), ('site', 'B', '2');"
              + "INSERT INTO deployments (site_id, size_bytes) VALUES ('site', 7)";
      case 8 -> "INSERT INTO apps (id, name, tags) VALUES ('gone', 'gone', '[\"x\"]')";
      case 9 ->
          "INSERT INTO domains (domain, app_id) VALUES ('gone.example', 'gone');"
              + "INSERT INTO domains (domain) VALUES ('kept.example')";
      case 10 ->
          "INSERT INTO redirects (slug, destination) VALUES ('a', '/b');"
              + "INSERT INTO webhooks (name, endpoint) VALUES ('hook', '/hook')";
      case 17 -> "INSERT INTO deployments (site_id, deployed_by) VALUES ('site', 'vps')";
      default -> "";
    };
  }

  /** What is to stay at home, and begin with the same rows elsewhere otherwise. */
  private static String ownRows(String node) {
    return "INSERT INTO configurations VALUES ('name', '%1$s');".formatted(node)
        + "INSERT INTO api_keys (name, key_hash) VALUES ('%1$s', '%1$s');".formatted(node)
        + "INSERT INTO auth_users VALUES ('%1$s', '%1$s@example.com', 'owner', 1);".formatted(node)
        + "INSERT INTO identity VALUES (1, '%1$s', 'secret');".formatted(node)
        + "INSERT INTO apps (id, name, manifest) VALUES ('app', 'app', '{}');"
        + "INSERT INTO aliases VALUES ('www', 'app', 'app')";
  }

  private void goOn(List<Future<Map<String, String>>> writers) throws Exception {
    for (AtomicInteger count : commits.values()) {
      int before = count.get();
      await(() -> count.get() > before + 2 || writers.stream().anyMatch(Future::isDone));
    }
    for (Future<Map<String, String>> writer : writers) {
      if (writer.isDone()) {
        writer.get();
      }
    }
  }

  private void meet() throws Exception {
    for (String node : List.of("vps", "laptop", "vps")) {
      fazt.run("mesh sync --db " + node + ".db --timeout 60s").succeeds();
    }
  }

  private void assertAllArrived(Map<String, String> acknowledged) throws Exception {
    for (String table : PRESET) {
      assertThat(rows("laptop", table)).as(table).isEqualTo(rows("vps", table)).isNotEmpty();
    }
    assertThat(acknowledged).hasSizeGreaterThan(50);
    Map<String, String> found = new TreeMap<>();
    for (String sql :
        List.of(
            "SELECT 'app_kv|' || key, value FROM app_kv",
            "SELECT 'app_docs|' || id, data FROM app_docs",
            "SELECT 'files|' || path, CAST(content AS TEXT) FROM files",
            "SELECT 'kv_store|' || key, value FROM kv_store",
            "SELECT 'apps|' || id, source FROM apps",
            "SELECT 'aliases|' || subdomain, type FROM aliases")) {
      for (String row : file("vps").rows(sql)) {
        int bar = row.indexOf('|', row.indexOf('|') + 1);
        found.put(row.substring(0, bar), row.substring(bar + 1));
      }
    }
    acknowledged.forEach(
        (key, value) -> assertThat(found.getOrDefault(key, "")).as(key).isEqualTo(value));
    assertThat(file("laptop").rows("SELECT domain FROM domains")).containsExactly("kept.example");
    for (String node : List.of("vps", "laptop")) {
      assertThat(file(node).rows("PRAGMA integrity_check")).containsExactly("ok");
      assertThat(file(node).rows("PRAGMA foreign_key_check")).isEmpty();
      assertThat(file(node).rows("SELECT value FROM configurations")).containsExactly(node);
      assertThat(file(node).rows("SELECT name FROM api_keys")).containsExactly(node);
      assertThat(file(node).rows("SELECT id FROM auth_users")).containsExactly(node);
      assertThat(file(node).rows("SELECT public_key FROM identity")).containsExactly(node);
      assertThat(
              file(node)
                  .rows(
                      "SELECT DISTINCT tbl_name FROM sqlite_schema"
                          + " WHERE type = 'trigger' AND name GLOB '_mesh_*'"))
          .hasSameElementsAs(PRESET);
      // What was parked shows by itself once its column is there, within moments.
      await(() -> nothingWaits(node), () -> whatWaits(node));
      assertThat(folder.resolve(node + ".db.mesh/daemon.log")).content().doesNotContain("ERROR");
    }
  }

  /** All rows of a table, column by column in the order of names. */
  private List<String> rows(String node, String table) throws SQLException {
    List<String> columns =
        file(node).rows("SELECT name FROM pragma_table_info('" + table + "') ORDER BY name");
    String values =
        columns.stream()
            .map(column -> "typeof(\"%1$s\") || quote(\"%1$s\")".formatted(column))
            .collect(Collectors.joining(", "));
    return file(node).rows("SELECT " + values + " FROM " + table).stream().sorted().toList();
  }

  /** The tracked tables that are there and lack a trigger of ours. */
  private List<String> withoutTriggers(String node) {
    try {
      return file(node)
          .rows(
              "SELECT m.name FROM _mesh_table AS m JOIN sqlite_schema AS s"
                  + " ON s.type = 'table' AND s.name = m.name COLLATE NOCASE"
                  + " WHERE m.tracked = 1 AND 3 > (SELECT count(*) FROM sqlite_schema AS g"
                  + " WHERE g.type = 'trigger' AND g.tbl_name = s.name COLLATE NOCASE AND g.name IN"
                  + " ('_mesh_ai_' || m.number, '_mesh_au_' || m.number, '_mesh_ad_' || m.number))");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private SqliteFile file(String node) {
    return new SqliteFile(folder.resolve(node + ".db"));
  }

  /** Runs a migration as a program that knows nothing of any mesh does, by turns one or another. */
  private void migrate(String node, int number) throws Exception {
    String name = "/fazt-host/%02d".formatted(number);
    Path script = folder.resolve(number + ".sql");
    Files.writeString(script, resource(name));
    String path = folder.resolve(node + ".db").toString();
    List<String> line =
        number % 2 == 0
            ? List.of("sqlite3", "-bail", "-cmd", ".timeout 20000", path, ".read " + script)
            : List.of(
                "python3",
                "-c",
                "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], timeout=20);"
                    + " db.execute('PRAGMA foreign_keys = ON');"
                    + " db.executescript(open(sys.argv[2]).read())",
                path,
                script.toString());
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s on %s: %s", name, node, said).isZero();
      assertThat(said).doesNotContain("rror");
    } catch (IOException e) {
      assumeTrue(false, line.get(0) + " is not installed here");
    }
  }

  private static String resource(String begins) throws Exception {
    Path home = Path.of(FaztHostTest.class.getResource("/fazt-host").toURI());
    try (Stream<Path> files = Files.list(home)) {
      Path found = files.filter(f -> f.toString().contains(begins)).findFirst().orElseThrow();
      return Files.readString(found);
    }
  }

  private boolean nothingWaits(String node) {
    String status = status(node);
    return status.contains("\"parked\":0") && status.contains("\"set_aside\":0");
  }

  private String status(String node) {
    try {
      FaztProcess.Result said = fazt.run("mesh status --db " + node + ".db --format json");
      return said.out() + said.err();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String whatWaits(String node) {
    try {
      return status(node)
          + file(node).rows("SELECT tbl, reason, detail, due, batch, position FROM _mesh_parked")
          + file(node).rows("SELECT * FROM _mesh_aside")
          + Files.readString(folder.resolve(node + ".db.mesh/daemon.log"));
    } catch (IOException | SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    await(condition, () -> "");
  }

  /**
   * @param state what to show if it never comes true
   */
  private static void await(BooleanSupplier condition, Supplier<String> state) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("still not so after " + PATIENCE + ": " + state.get());
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
