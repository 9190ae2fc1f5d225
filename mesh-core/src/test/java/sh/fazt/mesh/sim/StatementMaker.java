package sh.fazt.mesh.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes up statements for a shape: every way of writing that SQLite has. */
final class StatementMaker {
  private static final List<String> CLAUSES =
      List.of(
          "", "", "OR REPLACE", "OR REPLACE", "OR IGNORE", "OR FAIL", "OR ABORT", "OR ROLLBACK");

  private final Shape shape;
  private final boolean comparable;
  private final Random random;

  /**
   * @param comparable only statements that do the same in a table that has any trigger. There
   *     SQLite may visit rows in another order, which decides what an UPDATE of several rows meets
   *     first; undoes a whole statement that meets a value of the wrong type in STRICT, of which it
   *     leaves half otherwise; and may refuse an UPDATE whose REPLACE takes the very row along
   */
  StatementMaker(Shape shape, long seed, boolean comparable) {
    this.shape = shape;
    this.comparable = comparable;
    this.random = new Random(seed);
  }

  String next() {
    String table = one(List.copyOf(shape.tables().keySet()));
    return switch (random.nextInt(34)) {
      case 0, 1, 2, 3, 4, 5, 6 -> insert(table) + returning();
      case 7, 8 -> oneRowAlone() ? insert(table) : insertMany(table);
      case 9, 10, 11 -> upsert(table) + returning();
      case 12 -> oneRowAlone() ? upsert(table) : insertSelect(table);
      case 13, 14, 15, 16, 17, 18 -> update(table) + returning();
      case 19 -> comparable ? update(table) : swap(table);
      case 20 -> updateFrom(table);
      case 21, 22 -> "DELETE FROM " + table + where(table) + returning();
      case 23 ->
          random.nextInt(4) == 0 ? "DELETE FROM " + table : "DELETE FROM " + table + where(table);
      case 24, 25 -> "BEGIN";
      case 26 -> "COMMIT";
      case 27 -> random.nextBoolean() ? "ROLLBACK" : "COMMIT";
      case 28 -> "SAVEPOINT s" + random.nextInt(2);
      case 29 -> "RELEASE s" + random.nextInt(2);
      case 30 -> "ROLLBACK TO s" + random.nextInt(2);
      case 31 -> "PRAGMA recursive_triggers = " + random.nextInt(2);
      case 32 -> "PRAGMA foreign_keys = " + (random.nextInt(4) == 0 ? 0 : 1);
      default -> defaults(table);
    };
  }

  private String clause() {
    boolean tree = shape.ddl().get(0).contains("REFERENCES t ");
    return one(comparable && tree ? List.of("", "OR IGNORE", "OR FAIL", "OR ABORT") : CLAUSES);
  }

  private boolean oneRowAlone() {
    return comparable && shape.ddl().get(0).endsWith("STRICT");
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private List<String> columns(String table) {
    return List.copyOf(shape.tables().get(table).keySet());
  }

  private String literal(String table, String column) {
    return one(shape.tables().get(table).get(column));
  }

  private static String listed(List<String> columns, Function<String, String> each) {
    return columns.stream().map(each).collect(Collectors.joining(", "));
  }

  private List<String> someColumns(String table) {
    List<String> some = new ArrayList<>(columns(table));
    some.removeIf(column -> !shape.keys().get(table).contains(column) && random.nextInt(4) == 0);
    return some;
  }

  private String values(String table, List<String> columns) {
    return "(" + listed(columns, column -> literal(table, column)) + ")";
  }

  private String into(String table, List<String> columns) {
    return "INTO " + table + " (" + String.join(", ", columns) + ") ";
  }

  private String insert(String table) {
    List<String> columns = someColumns(table);
    return "INSERT " + clause() + " " + into(table, columns) + "VALUES " + values(table, columns);
  }

  private String insertMany(String table) {
    List<String> columns = columns(table);
    List<String> rows = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      rows.add(values(table, columns));
    }
    return "INSERT " + clause() + " " + into(table, columns) + "VALUES " + String.join(", ", rows);
  }

  private String upsert(String table) {
    List<String> columns = columns(table);
    String target =
        random.nextInt(3) == 0 ? "" : "(" + String.join(", ", shape.keys().get(table)) + ") ";
    String column = one(columns);
    String action =
        target.isEmpty() && random.nextBoolean()
            ? "NOTHING"
            : "UPDATE SET "
                + column
                + " = "
                + one(List.of("excluded." + column, literal(table, column)));
    return "INSERT "
        + into(table, columns)
        + "VALUES "
        + values(table, columns)
        + " ON CONFLICT "
        + target
        + "DO "
        + action;
  }

  private String insertSelect(String table) {
    List<String> columns = columns(table);
    String from = listed(columns, c -> random.nextInt(2) == 0 ? c : literal(table, c));
    return "INSERT " + clause() + " " + into(table, columns) + "SELECT " + from + " FROM " + table;
  }

  private String defaults(String table) {
    return "INSERT " + clause() + " INTO " + table + " DEFAULT VALUES";
  }

  private String update(String table) {
    List<String> columns = columns(table);
    String sets =
        random.nextInt(3) == 0
            ? listed(List.of(one(columns)), c -> c + " = " + c + " || ''")
            : listed(
                one(List.of(List.of(one(columns)), columns)), c -> c + " = " + literal(table, c));
    return "UPDATE " + clause() + " " + table + " SET " + sets + whereOfUpdate(table);
  }

  /** Two rows change places in one statement. */
  private String swap(String table) {
    String column = one(columns(table));
    String a = literal(table, column);
    String b = literal(table, column);
    return "UPDATE "
        + clause()
        + " "
        + table
        + " SET "
        + column
        + " = CASE "
        + column
        + " WHEN "
        + a
        + " THEN "
        + b
        + " ELSE "
        + a
        + " END WHERE "
        + column
        + " IN ("
        + a
        + ", "
        + b
        + ")";
  }

  private String updateFrom(String table) {
    String column = one(columns(table));
    return "UPDATE "
        + clause()
        + " "
        + table
        + " SET "
        + column
        + " = o.x FROM (SELECT max("
        + column
        + ") AS x FROM "
        + table
        + ") AS o"
        + whereOfUpdate(table);
  }

  private String whereOfUpdate(String table) {
    return comparable
        ? " WHERE "
            + shape.keys().get(table).stream()
                .map(column -> table + "." + column + " = " + literal(table, column))
                .collect(Collectors.joining(" AND "))
        : where(table);
  }

  private String where(String table) {
    if (random.nextInt(8) == 0) {
      return "";
    }
    String column = one(columns(table));
    return " WHERE "
        + table
        + "."
        + column
        + one(List.of(" = ", " IS ", " > ", " <> "))
        + literal(table, column);
  }

  private String returning() {
    return random.nextInt(6) == 0 ? " RETURNING *" : "";
  }
}
