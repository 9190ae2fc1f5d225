package sh.fazt.mesh.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What only the text of a schema tells: the expressions of indexes and of generated columns. SQLite
 * lists the names of columns, but not these.
 */
public final class IndexText {
  private static final Set<String> ORDERS = Set.of("ASC", "DESC");

  private final Map<String, RowExpression> columns = new HashMap<>();

  /**
   * @param stored the names of the table's stored columns
   * @param table the statement that makes the table
   */
  public IndexText(List<String> stored, String table) {
    stored.forEach(name -> columns.put(Identifier.folded(name), RowExpression.column(name)));
    Map<String, List<String>> generated = generated(table, columns.keySet());
    // A generated column may follow from another, declared before or after it.
    while (!generated.isEmpty()) {
      Map.Entry<String, List<String>> next =
          generated.entrySet().stream()
              .filter(each -> each.getValue().stream().noneMatch(t -> names(t, generated)))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("generated in a circle: " + table));
      RowExpression meant = RowExpression.parse(next.getValue(), Map.copyOf(columns));
      columns.put(next.getKey(), meant.enclosed());
      generated.remove(next.getKey());
    }
  }

  private static boolean names(String token, Map<String, List<String>> columns) {
    return SqlTokens.isName(token) && columns.containsKey(Identifier.folded(SqlTokens.name(token)));
  }

  private static Map<String, List<String>> generated(String table, Set<String> stored) {
    Map<String, List<String>> generated = new HashMap<>();
    for (List<String> definition : SqlTokens.list(SqlTokens.of(table))) {
      int as = generator(definition);
      String name =
          definition.isEmpty() ? "" : Identifier.folded(SqlTokens.name(definition.get(0)));
      if (as > 0 && !stored.contains(name)) {
        generated.put(name, SqlTokens.list(definition.subList(as, definition.size())).get(0));
      }
    }
    return generated;
  }

  /** Where AS with its expression stands in a column's definition, outside any parentheses. */
  private static int generator(List<String> definition) {
    int depth = 0;
    for (int i = 0; i + 1 < definition.size(); i++) {
      String token = definition.get(i);
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      if (depth == 0 && token.equalsIgnoreCase("AS") && definition.get(i + 1).equals("(")) {
        return i + 1;
      }
    }
    return -1;
  }

  /** What a column stands for, in terms of stored ones. */
  public RowExpression column(String name) {
    return columns.getOrDefault(Identifier.folded(name), RowExpression.column(name));
  }

  /** The expressions of an index, in its order; {@code sql} is the statement that makes it. */
  public List<RowExpression> terms(String sql) {
    List<List<String>> parts = SqlTokens.list(SqlTokens.of(sql));
    List<RowExpression> terms = new ArrayList<>();
    for (List<String> part : parts.subList(0, parts.size() - 1)) {
      terms.add(RowExpression.parse(bare(part), columns));
    }
    return terms;
  }

  /** The condition of a partial index. */
  public Optional<RowExpression> where(String sql) {
    List<List<String>> parts = SqlTokens.list(SqlTokens.of(sql));
    List<String> rest = parts.get(parts.size() - 1);
    return rest.isEmpty() || !rest.get(0).equalsIgnoreCase("WHERE")
        ? Optional.empty()
        : Optional.of(RowExpression.parse(rest.subList(1, rest.size()), columns));
  }

  /** Without the order and the collation, which stand behind the expression. */
  private static List<String> bare(List<String> term) {
    List<String> bare = term;
    if (ORDERS.contains(last(bare, 1))) {
      bare = bare.subList(0, bare.size() - 1);
    }
    return last(bare, 2).equals("COLLATE") ? bare.subList(0, bare.size() - 2) : bare;
  }

  private static String last(List<String> tokens, int back) {
    return tokens.size() < back ? "" : tokens.get(tokens.size() - back).toUpperCase(Locale.ROOT);
  }
}
