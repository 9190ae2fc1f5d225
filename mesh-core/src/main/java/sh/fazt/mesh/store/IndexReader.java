package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.schema.IndexText;
import sh.fazt.mesh.schema.RowExpression;
import sh.fazt.mesh.schema.UniqueIndex;
import sh.fazt.mesh.schema.Value;

/** Reads the indexes of the application's tables. Confined. */
final class IndexReader {
  /** What SQLite gives for the number of a column that is an expression. */
  private static final int EXPRESSION = -2;

  private final Database database;

  IndexReader(Database database) {
    this.database = database;
  }

  /**
   * @param columns empty where the term is an expression
   */
  record Index(
      String name,
      String origin,
      boolean unique,
      List<Optional<String>> columns,
      List<String> collations) {

    boolean isKey() {
      return origin.equals("pk");
    }
  }

  /** All of a table's indexes. */
  List<Index> of(String table) {
    List<Index> indexes = new ArrayList<>();
    String sql = "SELECT name, \"unique\", origin FROM pragma_index_list(?)";
    try (Rows rows = database.query(sql, Value.of(table))) {
      while (rows.next()) {
        indexes.add(index(rows.text(0), rows.text(2), rows.integer(1) != 0));
      }
    }
    return indexes;
  }

  private Index index(String name, String origin, boolean unique) {
    List<Optional<String>> columns = new ArrayList<>();
    List<String> collations = new ArrayList<>();
    String sql = "SELECT cid, name, coll FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno";
    try (Rows rows = database.query(sql, Value.of(name))) {
      while (rows.next()) {
        boolean expression = rows.integer(0) == EXPRESSION;
        columns.add(expression ? Optional.empty() : Optional.of(rows.text(1)));
        collations.add(rows.text(2));
      }
    }
    return new Index(name, origin, unique, columns, collations);
  }

  /** Those of a table's indexes that are UNIQUE, beyond its key. */
  List<UniqueIndex> uniques(String table, List<Index> indexes) {
    IndexText text = new IndexText(storedColumns(table), textOf(table));
    return indexes.stream()
        .filter(index -> index.unique() && !index.isKey())
        .map(index -> unique(index, text))
        .toList();
  }

  private UniqueIndex unique(Index index, IndexText text) {
    String sql = textOf(index.name());
    // Only CREATE INDEX has expressions and conditions; a constraint has no text of its own.
    List<RowExpression> written = sql.isEmpty() ? List.of() : text.terms(sql);
    List<UniqueIndex.Term> terms = new ArrayList<>();
    for (int i = 0; i < index.columns().size(); i++) {
      Optional<String> column = index.columns().get(i);
      RowExpression held = column.isPresent() ? RowExpression.column(column.get()) : written.get(i);
      RowExpression wanted = column.map(text::column).orElse(held);
      terms.add(new UniqueIndex.Term(held, wanted, index.collations().get(i)));
    }
    return new UniqueIndex(terms, sql.isEmpty() ? Optional.empty() : text.where(sql));
  }

  /** The statement that makes a table or an index, empty if there is none. */
  private String textOf(String name) {
    return database
        .first(
            "SELECT coalesce(sql, '') FROM sqlite_schema"
                + " WHERE name = ? COLLATE NOCASE AND type IN ('table', 'index')",
            Value.of(name))
        .map(value -> ((Value.Text) value).utf8().asUtf8())
        .orElse("");
  }

  private List<String> storedColumns(String table) {
    List<String> names = new ArrayList<>();
    String sql = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0";
    try (Rows rows = database.query(sql, Value.of(table))) {
      while (rows.next()) {
        names.add(rows.text(0));
      }
    }
    return names;
  }
}
