package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes whose columns come and go at random while all write; then all have one schema. */
class SchemaRandomTest {
  private static final List<String> NAMES = List.of("vps", "laptop", "phone");
  private static final List<String> COLUMNS = List.of("w", "x", "y", "z");
  private static final int STEPS = 60;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void allEndEqualAtOneSchema(long seed) {
    Random random = new Random(seed);
    try (TestNodes nodes = new TestNodes(folder, seed)) {
      begin(nodes);
      for (int step = 0; step < STEPS; step++) {
        nodes.nowMillis += 10;
        String name = NAMES.get(random.nextInt(NAMES.size()));
        if (random.nextInt(15) == 0) {
          nodes.closeMesh(name);
          nodes.open(name);
        }
        switch (random.nextInt(6)) {
          case 0, 1 -> move(nodes, name, random);
          case 2 -> meet(nodes, name, random);
          default -> write(nodes.app(name), step, random);
        }
      }
      end(nodes);
    }
  }

  private static void begin(TestNodes nodes) {
    nodes.database(
        "vps",
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w TEXT, x TEXT)",
        "INSERT INTO t VALUES ('1', 'v', 'w', 'x'), ('2', 'v', 'w', 'x')");
    nodes.found("vps");
    nodes.join("laptop", "vps");
    nodes.sync("laptop", "vps");
    nodes.database(
        "phone",
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, x TEXT, y TEXT)",
        "INSERT INTO t VALUES ('1', 'own', 'own', 'own'), ('3', 'v', 'x', 'y')");
    nodes.join("phone", "vps");
  }

  private static List<String> columns(PlainSql app) {
    return app.column("SELECT name FROM pragma_table_info('t') WHERE name NOT IN ('id', 'v')");
  }

  private static void look(TestNodes nodes, String name) {
    nodes.mesh(name).harvest();
    while (nodes.mesh(name).hasMore()) {
      nodes.mesh(name).harvest();
    }
  }

  private static void move(TestNodes nodes, String name, Random random) {
    PlainSql app = nodes.app(name);
    List<String> there = columns(app);
    String column = COLUMNS.get(random.nextInt(COLUMNS.size()));
    // A column that goes and comes between two looks is found later, by a look at the rows.
    look(nodes, name);
    if (!there.contains(column) && random.nextBoolean() && !there.isEmpty()) {
      String other = there.get(random.nextInt(there.size()));
      app.run("ALTER TABLE t RENAME COLUMN " + other + " TO " + column);
    } else if (!there.contains(column)) {
      app.run("ALTER TABLE t ADD COLUMN " + column + " TEXT");
    } else if (random.nextInt(3) == 0) {
      String all = String.join(", ", there);
      app.run(
          "BEGIN",
          "CREATE TABLE n (id TEXT PRIMARY KEY, v TEXT, " + all + ")",
          "INSERT INTO n (id, v, " + all + ") SELECT id, v, " + all + " FROM t",
          "DROP TABLE t",
          "ALTER TABLE n RENAME TO t",
          "COMMIT");
    } else {
      app.run("ALTER TABLE t DROP COLUMN " + column);
    }
    if (random.nextBoolean()) {
      look(nodes, name);
    }
  }

  private static void meet(TestNodes nodes, String name, Random random) {
    String other = NAMES.get(random.nextInt(NAMES.size()));
    if (!other.equals(name)) {
      if (random.nextBoolean()) {
        nodes.sync(name, other);
      } else {
        nodes.carry(name, other);
      }
    }
  }

  private static void write(PlainSql app, int step, Random random) {
    List<String> there = new ArrayList<>(columns(app));
    there.add("v");
    String column = there.get(random.nextInt(there.size()));
    int id = random.nextInt(6);
    switch (random.nextInt(4)) {
      case 0 -> app.run("DELETE FROM t WHERE id = '" + id + "'");
      case 1 ->
          app.run(
              "INSERT OR REPLACE INTO t (id, %s) VALUES ('%d', 's%d')".formatted(column, id, step));
      default -> app.run("UPDATE t SET %s = 's%d' WHERE id >= '%d'".formatted(column, step, id));
    }
  }

  private static void end(TestNodes nodes) {
    for (String name : NAMES) {
      look(nodes, name);
      for (String column : COLUMNS) {
        if (!columns(nodes.app(name)).contains(column)) {
          nodes.app(name).run("ALTER TABLE t ADD COLUMN " + column + " TEXT");
        }
      }
    }
    for (int round = 0; round < 3; round++) {
      nodes.nowMillis += 10;
      nodes.sync("vps", "laptop");
      nodes.sync("vps", "phone");
      nodes.sync("laptop", "phone");
    }
    String all = "SELECT id || '|' || quote(v) || quote(w) || quote(x) || quote(y) || quote(z)";
    List<String> rows = nodes.app("vps").column(all + " FROM t ORDER BY id");
    for (String name : NAMES) {
      assertThat(nodes.app(name).column(all + " FROM t ORDER BY id")).as(name).isEqualTo(rows);
      MeshView.Figures figures = nodes.mesh(name).view().figures(nodes.nowMillis);
      assertThat(figures.parked() + figures.aside() + figures.untaken()).as(name).isZero();
      assertThat(nodes.scrub(name)).as("scrub on " + name).isZero();
    }
  }
}
