package sh.fazt.mesh.store;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.Value;

/** The recurring pieces of statements over rows and keys. */
final class RowSql {
  private RowSql() {}

  /** {@code "a", "b"}, each behind {@code prefix}. */
  static String names(List<Column> columns, String prefix) {
    return columns.stream()
        .map(column -> prefix + Identifier.quoted(column.name()))
        .collect(Collectors.joining(", "));
  }

  /** {@code k0, k1} for a key of {@code size} columns, each behind {@code prefix}. */
  static String keys(int size, String prefix) {
    return joined(size, i -> prefix + "k" + i, ", ");
  }

  /** Parameters that carry {@code values} exactly. */
  static String parameters(List<Value> values) {
    return values.stream().map(Database::placeholder).collect(Collectors.joining(", "));
  }

  /** {@code "a" = ? AND "b" = ?} over a table's own key columns, compared as the key does. */
  static String keyIs(List<Column> key, List<Value> values) {
    return joined(
        key.size(),
        i ->
            Identifier.quoted(key.get(i).name())
                + " = "
                + Database.placeholder(values.get(i))
                + collation(key.get(i)),
        " AND ");
  }

  /** A key's collation may be another than its column's, which SQLite would take unasked. */
  static String collation(Column column) {
    return " COLLATE " + Identifier.quoted(column.collation());
  }

  /** The key's columns as they are ordered, each behind {@code prefix}. */
  static String ordered(List<Column> key, String prefix) {
    return joined(
        key.size(),
        i -> prefix + Identifier.quoted(key.get(i).name()) + collation(key.get(i)),
        ", ");
  }

  /** {@code k0 = ? AND k1 = ?}. */
  static String shadowKeyIs(List<Value> values) {
    return joined(
        values.size(), i -> "k" + i + " = " + Database.placeholder(values.get(i)), " AND ");
  }

  /** {@code t."a" = k.k0 AND t."b" = k.k1}, compared as the key does. */
  static String joinOnKey(List<Column> key, String table, String keys) {
    return joined(
        key.size(),
        i ->
            table
                + "."
                + Identifier.quoted(key.get(i).name())
                + " = "
                + keys
                + ".k"
                + i
                + collation(key.get(i)),
        " AND ");
  }

  /** {@code "a" IS NOT NULL AND "b" IS NOT NULL} over a table's own key columns. */
  static String keyIsThere(List<Column> key) {
    return joined(key.size(), i -> Identifier.quoted(key.get(i).name()) + " IS NOT NULL", " AND ");
  }

  static String joined(int size, IntFunction<String> piece, String separator) {
    return IntStream.range(0, size).mapToObj(piece).collect(Collectors.joining(separator));
  }
}
