package sh.fazt.mesh.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Random statements by a plain client on a replica, judged three ways. Against itself: each row
 * that differs from the last commit must be among the touched. Against a twin that never heard of
 * the mesh: the client is told the same. Against a peer: it ends up with the same tables.
 */
final class CaptureSim implements AutoCloseable {
  private static final int STATEMENTS_BETWEEN_EXCHANGES = 97;
  private static final int TOLD = 12;

  private final World world;
  private final long seed;
  private final boolean compared;
  private final Client app;
  private final Client twin;
  private final Map<String, String> touched = new HashMap<>();
  private final Map<String, Map<String, String>> committed = new TreeMap<>();
  private final Map<String, Long> marks = new HashMap<>();
  private final List<String> history = new ArrayList<>();

  /**
   * @param compared whether a twin without the mesh is told the same
   */
  CaptureSim(Shape shape, long seed, boolean compared, Path folder) {
    this.seed = seed;
    this.compared = compared;
    this.world = new World(shape, seed, folder);
    this.app = new Client(world.here());
    this.twin = new Client(world.twin());
    for (String table : shape.tables().keySet()) {
      String sql = "SELECT number FROM _mesh_table WHERE name = '%s'";
      String name = table.startsWith("\"") ? "or\"der" : table;
      touched.put(table, "_mesh_touched_" + app.all(sql.formatted(name)).get(0));
    }
    committed();
  }

  /** The program that writes. */
  Client app() {
    return app;
  }

  /** Runs so many statements; throws what went wrong, with what repeats it. */
  void run(int statements) {
    StatementMaker maker = new StatementMaker(world.shape, seed, compared);
    for (int i = 1; i <= statements; i++) {
      tell(maker.next());
      checkTouched();
      if (compared) {
        require(world.difference(twin, app), "differs from its twin");
      }
      if (!app.isInTransaction()) {
        committed();
        if (i % STATEMENTS_BETWEEN_EXCHANGES == 0) {
          exchange();
        }
      }
    }
    app.tell("COMMIT");
    app.tell("ROLLBACK");
    exchange();
  }

  private void tell(String statement) {
    String told = app.tell(statement);
    history.add(statement + "\n    " + told);
    String expected = compared ? twin.tell(statement) : told;
    if (!told.equals(expected)) {
      throw failure("the last was told this instead of '" + expected + "'");
    }
  }

  private void committed() {
    for (String table : world.shape.tables().keySet()) {
      committed.put(table, app.rows(world.shape, table));
      String sql = "SELECT coalesce(max(rowid), 0) FROM " + touched.get(table);
      marks.put(table, Long.parseLong(app.all(sql).get(0)));
    }
  }

  private void checkTouched() {
    for (String table : world.shape.tables().keySet()) {
      Map<String, String> before = committed.getOrDefault(table, Map.of());
      Map<String, String> now = app.rows(world.shape, table);
      Set<String> keys = new HashSet<>(before.keySet());
      keys.addAll(now.keySet());
      for (String key : keys) {
        if (!Objects.equals(before.get(key), now.get(key)) && !isTouched(table, key)) {
          throw failure("row " + key + " of " + table + " has changed without a trace");
        }
      }
    }
  }

  private boolean isTouched(String table, String key) {
    String[] literals = key.split("\u001f", -1);
    StringBuilder sql = new StringBuilder("SELECT count(*) FROM " + touched.get(table));
    sql.append(" WHERE rowid > ").append(marks.get(table));
    for (int i = 0; i < literals.length; i++) {
      sql.append(" AND k").append(i).append(" = ").append(literals[i]);
    }
    return !app.all(sql.toString()).get(0).equals("0");
  }

  private void exchange() {
    require(world.exchange(), "arrives differently");
    committed();
  }

  private void require(String difference, String what) {
    if (!difference.isEmpty()) {
      throw failure(what + ": " + difference);
    }
  }

  private AssertionError failure(String what) {
    List<String> recent = history.subList(Math.max(0, history.size() - TOLD), history.size());
    return new AssertionError(
        "shape '%s', seed %d, statement %d: %s%nThe last statements:%n%s"
            .formatted(world.shape, seed, history.size(), what, String.join("\n", recent)));
  }

  @Override
  public void close() {
    app.close();
    twin.close();
    world.close();
  }
}
