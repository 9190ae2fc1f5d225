package sh.fazt.mesh.sim;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import sh.fazt.mesh.TestNodes;

/**
 * Random statements by a plain client on a replica, judged three ways. Against itself: each row
 * that differs from the last commit must be among the touched. Against a twin that never heard of
 * the mesh: the client is told the same. Against a peer: it ends up with the same tables.
 */
public final class CaptureSim {
  private static final int STATEMENTS_BETWEEN_HARVESTS = 97;

  private final Shape shape;
  private final long seed;
  private final boolean compared;
  private final TestNodes nodes;
  private final Client app;
  private final Client twin;
  private final Map<String, String> touched = new HashMap<>();
  private final Map<String, Map<String, String>> committed = new TreeMap<>();
  private final Map<String, Long> marks = new HashMap<>();
  private final List<String> history = new ArrayList<>();
  private String statement = "";
  private int step;

  private CaptureSim(Shape shape, long seed, boolean compared, Path folder) {
    this.compared = compared;
    this.shape = shape;
    this.seed = seed;
    this.nodes = new TestNodes(folder, seed);
    String[] ddl = shape.ddl().toArray(String[]::new);
    nodes.database("here", ddl);
    nodes.found("here");
    nodes.join("there", "here");
    nodes.sync("here", "there");
    this.app = new Client(nodes.file("here"));
    // Which of two broken constraints is told depends on who parsed the schema: not its maker.
    try (Client maker = new Client(folder.resolve("twin.db"))) {
      shape.ddl().forEach(maker::tell);
    }
    this.twin = new Client(folder.resolve("twin.db"));
    for (String table : shape.tables().keySet()) {
      String name = table.startsWith("\"") ? "or\"der" : table;
      String number = app.all("SELECT number FROM _mesh_table WHERE name = '" + name + "'").get(0);
      touched.put(table, "_mesh_touched_" + number);
    }
    committed();
  }

  /**
   * Runs so many statements of one shape; throws what went wrong, with what repeats it.
   *
   * @param compared whether a twin without the mesh is told the same
   */
  static void run(Shape shape, long seed, boolean compared, int statements, Path folder) {
    CaptureSim sim = new CaptureSim(shape, seed, compared, folder);
    try (TestNodes closing = sim.nodes;
        Client app = sim.app;
        Client twin = sim.twin) {
      sim.run(statements);
      Objects.requireNonNull(closing);
    }
  }

  private void run(int statements) {
    StatementMaker maker = new StatementMaker(shape, seed, compared);
    for (step = 1; step <= statements; step++) {
      statement = maker.next();
      String told = app.tell(statement);
      String expected = compared ? twin.tell(statement) : told;
      if (!told.equals(expected)) {
        throw failure("was told '" + told + "' instead of '" + expected + "'");
      }
      history.add(statement + "\n    " + told);
      boolean open = app.isInTransaction();
      checkTouched();
      if (compared) {
        checkSame();
      }
      if (!open) {
        committed();
        if (step % STATEMENTS_BETWEEN_HARVESTS == 0) {
          exchange();
        }
      }
    }
    app.tell("COMMIT");
    twin.tell("COMMIT");
    app.tell("ROLLBACK");
    twin.tell("ROLLBACK");
    exchange();
  }

  private void committed() {
    for (String table : shape.tables().keySet()) {
      committed.put(table, app.rows(shape, table));
      marks.put(table, newest(table));
    }
  }

  private long newest(String table) {
    return Long.parseLong(
        app.all("SELECT coalesce(max(rowid), 0) FROM " + touched.get(table)).get(0));
  }

  private void checkSame() {
    for (String table : shape.tables().keySet()) {
      Map<String, String> with = app.rows(shape, table);
      Map<String, String> without = twin.rows(shape, table);
      if (!with.equals(without)) {
        throw failure(table + " became " + with + " instead of " + without);
      }
    }
  }

  private void checkTouched() {
    for (String table : shape.tables().keySet()) {
      Map<String, String> before = committed.getOrDefault(table, Map.of());
      Map<String, String> now = app.rows(shape, table);
      Set<String> keys = new HashSet<>(before.keySet());
      keys.addAll(now.keySet());
      for (String key : keys) {
        if (!Objects.equals(before.get(key), now.get(key)) && !isTouched(table, key)) {
          throw failure("changed row " + key + " of " + table + " without a trace");
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
    nodes.nowMillis += 100;
    nodes.sync("here", "there");
    try (Client there = new Client(nodes.file("there"))) {
      for (String table : shape.tables().keySet()) {
        Map<String, String> rows = app.rows(shape, table);
        if (!rows.equals(there.rows(shape, table))) {
          throw failure(
              "arrived differently in "
                  + table
                  + ": "
                  + rows
                  + " became "
                  + there.rows(shape, table));
        }
      }
    }
    committed();
  }

  private AssertionError failure(String what) {
    List<String> recent = history.subList(Math.max(0, history.size() - 12), history.size());
    return new AssertionError(
        "shape '%s', seed %d, statement %d: %s%n%s%nThe last statements:%n%s"
            .formatted(shape, seed, step, statement, what, String.join("\n", recent)));
  }

  /** {@code statements} in all, spread over every shape: arguments are their number and a seed. */
  public static void main(String[] arguments) throws Exception {
    int statements = Integer.parseInt(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    PrintStream out = System.out;
    List<Shape> shapes = Shape.all();
    int each = Math.max(1, statements / shapes.size());
    for (Shape shape : shapes) {
      run(shape, seed, true, each / 2, Files.createTempDirectory("capture"));
      run(shape, seed, false, each / 2, Files.createTempDirectory("capture"));
      out.printf("%-42s %,10d statements, nothing missed%n", shape, each);
    }
    out.printf(
        "%d shapes, %,d statements, seed %d: 0 missed%n",
        shapes.size(), each * shapes.size(), seed);
  }
}
