package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way in which a schema moves, here, there, on both sides and in another order there, with
 * writes between: no program is refused, nothing is lost, and in the end both are equal.
 */
class SchemaMatrixTest extends PairOfReplicas {
  /** What an application does to its table {@code t}, which may be called {@code s} just now. */
  enum Move {
    ADD_COLUMN,
    DROP_COLUMN,
    RENAME_COLUMN,
    RENAME_TABLE,
    REBUILD,
    DROP_AND_MAKE,
    VACUUM,
    NEW_TRIGGER
  }

  private final Map<String, String> written = new TreeMap<>();
  private final Map<String, Set<Move>> moves = new TreeMap<>();
  private int count;

  private void begin() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w TEXT, n INTEGER)",
        "CREATE INDEX t_v ON t (v)",
        "CREATE TABLE seen (id TEXT PRIMARY KEY)");
    moves.put("vps", EnumSet.noneOf(Move.class));
    moves.put("laptop", EnumSet.noneOf(Move.class));
    write("vps");
    write("laptop");
    sync();
  }

  private String table(String node) {
    return moves.get(node).contains(Move.RENAME_TABLE) ? "s" : "t";
  }

  private void move(String node, Move move) {
    nodes.nowMillis += 10;
    PlainSql app = nodes.app(node);
    String table = table(node);
    switch (move) {
      case ADD_COLUMN -> app.run("ALTER TABLE " + table + " ADD COLUMN a TEXT DEFAULT 'd'");
      case DROP_COLUMN -> app.run("ALTER TABLE " + table + " DROP COLUMN w");
      case RENAME_COLUMN -> app.run("ALTER TABLE " + table + " RENAME COLUMN n TO m");
      case RENAME_TABLE -> app.run("ALTER TABLE t RENAME TO s");
      case REBUILD -> {
        String columns = String.join(", ", columns(node));
        app.run(
            "BEGIN",
            definition(node, "made_new"),
            "INSERT INTO made_new (" + columns + ") SELECT " + columns + " FROM " + table,
            "DROP TABLE " + table,
            "ALTER TABLE made_new RENAME TO " + table,
            "COMMIT");
      }
      case DROP_AND_MAKE -> {
        String definition = definition(node, table);
        // What is dropped is deleted, as far as this node has it.
        app.column("SELECT id FROM " + table).forEach(written::remove);
        app.run("DROP TABLE " + table, definition);
      }
      case VACUUM -> app.run("VACUUM");
      case NEW_TRIGGER ->
          app.run(
              "CREATE TRIGGER mark AFTER INSERT ON "
                  + table
                  + " BEGIN INSERT OR IGNORE INTO seen VALUES (NEW.id); END");
    }
    moves.get(node).add(move);
  }

  private List<String> columns(String node) {
    return nodes.app(node).column("SELECT name FROM pragma_table_info('" + table(node) + "')");
  }

  private String definition(String node, String name) {
    List<String> columns = new ArrayList<>();
    for (String column : columns(node)) {
      String rest = column.equals("id") ? " TEXT PRIMARY KEY NOT NULL" : " ANY";
      columns.add(column + (column.equals("a") ? " TEXT DEFAULT 'd'" : rest));
    }
    return "CREATE TABLE " + name + " (" + String.join(", ", columns) + ")";
  }

  /** An insert and an update, which the application must not see fail. */
  private void write(String node) {
    nodes.nowMillis += 10;
    String id = node + ++count;
    nodes.app(node).run("INSERT INTO " + table(node) + " (id, v) VALUES ('" + id + "', 'new')");
    written.put(id, "new");
    String own = written.keySet().stream().filter(each -> each.startsWith(node)).findFirst().get();
    String value = "v" + count;
    nodes
        .app(node)
        .run("UPDATE " + table(node) + " SET v = '" + value + "' WHERE id = '" + own + "'");
    written.put(own, value);
  }

  /** Both have made the same moves: after that they are to be equal. */
  private void end() {
    for (String node : List.of("vps", "laptop")) {
      if (moves.get(node).remove(Move.RENAME_TABLE)) {
        nodes.app(node).run("ALTER TABLE s RENAME TO t");
      }
      write(node);
    }
    sync();
    sync();
    assertThat(rowsOf("laptop")).isEqualTo(rowsOf("vps"));
    assertThat(rows("laptop", "SELECT id FROM seen ORDER BY id"))
        .isEqualTo(rows("vps", "SELECT id FROM seen ORDER BY id"));
    Map<String, String> found = new TreeMap<>();
    for (String row : rows("vps", "SELECT id || '=' || v FROM t")) {
      found.put(row.substring(0, row.indexOf('=')), row.substring(row.indexOf('=') + 1));
    }
    assertThat(found).containsAllEntriesOf(written);
    for (String node : List.of("vps", "laptop")) {
      assertThat(figures(node).aside()).as("aside on " + node).isZero();
      // A value for a column that is gone everywhere is kept: the column may come back.
      boolean gone =
          moves.get(node).contains(Move.DROP_COLUMN)
              || moves.get(node).contains(Move.RENAME_COLUMN);
      assertThat(gone ? 0 : figures(node).parked()).as("parked on " + node).isZero();
      assertThat(nodes.scrub(node)).as("scrub on " + node).isZero();
      assertThat(rows(node, "PRAGMA integrity_check")).containsExactly("ok");
    }
  }

  private List<String> rowsOf(String node) {
    List<String> values =
        columns(node).stream()
            .sorted()
            .map(c -> "typeof(%1$s) || quote(%1$s)".formatted(c))
            .toList();
    return rows(node, "SELECT " + String.join(" || '|' || ", values) + " FROM t ORDER BY id");
  }

  private void writeOnBoth() {
    write("vps");
    write("laptop");
  }

  @ParameterizedTest
  @MethodSource("single")
  void aMoveOnOneSideAndLaterOnTheOther(Move move, String first, boolean meetBetween) {
    String second = first.equals("vps") ? "laptop" : "vps";
    begin();
    move(first, move);
    writeOnBoth();
    meet(meetBetween);
    writeOnBoth();
    meet(meetBetween);
    move(second, move);
    writeOnBoth();
    meet(meetBetween);
    end();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void twoMovesInAnotherOrderThere(Move one, Move other, boolean meetBetween) {
    begin();
    move("vps", one);
    move("laptop", other);
    writeOnBoth();
    meet(meetBetween);
    writeOnBoth();
    move("vps", other);
    writeOnBoth();
    meet(meetBetween);
    move("laptop", one);
    writeOnBoth();
    meet(meetBetween);
    end();
  }

  private void meet(boolean wanted) {
    if (wanted) {
      sync();
    }
  }

  static Stream<Arguments> single() {
    return Stream.of(Move.values())
        .flatMap(
            move ->
                Stream.of("vps", "laptop")
                    .flatMap(
                        first ->
                            Stream.of(true, false).map(meet -> Arguments.of(move, first, meet))));
  }

  static Stream<Arguments> pairs() {
    return Stream.of(Move.values())
        .flatMap(
            one ->
                Stream.of(Move.values())
                    .flatMap(
                        other ->
                            Stream.of(true, false).map(meet -> Arguments.of(one, other, meet))))
        .filter(each -> !each.get()[0].equals(each.get()[1]));
  }
}
