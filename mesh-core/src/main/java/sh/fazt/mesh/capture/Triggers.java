package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.UniqueIndex;

/*
 * The triggers record suspicion, not changes: "look at this row". They run in the application's
 * transaction, in whatever SQLite the application has (3.24 and later), and must never fail there:
 * plain core SQL; no constraint in the log that an OR clause could bend; no non-key column named,
 * or dropping that column would fail. REPLACE removes clashing rows without a word, so before each
 * write the rows that hold its unique values are suspects too.
 */
/** The SQL of the triggers that record touched keys. */
final class Triggers {
  /** Unix milliseconds in core SQL; {@code unixepoch('subsec')} needs SQLite 3.42. */
  static final String NOW = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

  private static final String UNLESS_APPLYING = "WHEN NOT EXISTS (SELECT 1 FROM _mesh_applying)";

  private Triggers() {}

  /** A trigger's name and the statement that makes it. */
  record Definition(String name, String sql) {}

  static List<Definition> of(TrackedTable table) {
    List<Definition> triggers = new ArrayList<>();
    String oldKey = insert(table, "OLD", "");
    String newKey = insert(table, "NEW", "");
    String movedKey = insert(table, "NEW", " WHERE " + keyMoved(table));
    triggers.add(define(table, "ai", "AFTER INSERT", newKey));
    triggers.add(define(table, "au", "AFTER UPDATE", oldKey + " " + movedKey));
    triggers.add(define(table, "ad", "AFTER DELETE", oldKey));
    String suspects = suspects(table);
    if (!suspects.isEmpty()) {
      triggers.add(define(table, "bi", "BEFORE INSERT", suspects));
    }
    // What REPLACE removes may take along, by a cascade, the very row that is being updated; then
    // nothing comes after.
    String displaced = table.shape().parent() ? movedKey + " " : "";
    if (!displaced.isEmpty() || !suspects.isEmpty()) {
      triggers.add(define(table, "bu", "BEFORE UPDATE", (displaced + suspects).strip()));
    }
    return triggers;
  }

  /** The names that the triggers of a table may have. */
  static List<String> names(int table) {
    return Stream.of("ai", "au", "ad", "bi", "bu").map(tag -> name(tag, table)).toList();
  }

  private static String name(String tag, int table) {
    return Identifier.OWN_PREFIX + tag + "_" + table;
  }

  private static Definition define(TrackedTable table, String tag, String event, String body) {
    String name = name(tag, table.number());
    String sql =
        "CREATE TRIGGER %s %s ON %s %s BEGIN %s END"
            .formatted(
                Identifier.quoted(name),
                event,
                Identifier.quoted(table.name()),
                UNLESS_APPLYING,
                body);
    return new Definition(name, sql);
  }

  private static String insert(TrackedTable table, String row, String condition) {
    String keys =
        each(table.shape().key(), column -> row + "." + Identifier.quoted(column.name()), ", ");
    return into(table) + " SELECT " + NOW + ", " + keys + condition + ";";
  }

  private static String into(TrackedTable table) {
    return "INSERT INTO " + table.touched() + " (at, " + logKeys(table) + ")";
  }

  /** The key's columns in the touched log and in the shadow. */
  static String logKeys(TrackedTable table) {
    return IntStream.range(0, table.shape().key().size())
        .mapToObj(i -> "k" + i)
        .collect(Collectors.joining(", "));
  }

  /** The key's columns in the table itself. */
  static String ownKeys(TrackedTable table) {
    return each(table.shape().key(), column -> Identifier.quoted(column.name()), ", ");
  }

  private static String keyMoved(TrackedTable table) {
    return each(
        table.shape().key(),
        column -> {
          String name = Identifier.quoted(column.name());
          String collation = Identifier.quoted(column.collation());
          return "NEW." + name + " IS NOT OLD." + name + " COLLATE " + collation;
        },
        " OR ");
  }

  private static String suspects(TrackedTable table) {
    StringBuilder body = new StringBuilder();
    String name = Identifier.quoted(table.name());
    String keys = ownKeys(table);
    for (UniqueIndex index : table.shape().uniques()) {
      body.append(into(table))
          .append(" SELECT ")
          .append(NOW + ", ")
          .append(keys)
          .append(" FROM ")
          .append(name)
          .append(" AS t WHERE ")
          .append(index.clash("t", "NEW"))
          .append("; ");
    }
    return body.toString().strip();
  }

  private static String each(
      List<Column> columns, Function<Column, String> piece, String separator) {
    return columns.stream().map(piece).collect(Collectors.joining(separator));
  }
}
