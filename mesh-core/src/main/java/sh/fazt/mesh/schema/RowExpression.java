package sh.fazt.mesh.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An SQL expression over the columns of one row, which can be asked of another row. */
public record RowExpression(List<Part> parts) {
  public RowExpression {
    parts = List.copyOf(parts);
  }

  /**
   * A piece of the expression.
   *
   * @param text SQL, or a column's name
   */
  public record Part(String text, boolean column) {}

  /** The column itself. */
  public static RowExpression column(String name) {
    return new RowExpression(List.of(new Part(name, true)));
  }

  /**
   * Reads an expression, in which each generated column is replaced by what it is generated from.
   *
   * @param columns what each column stands for, by its folded name
   */
  static RowExpression parse(List<String> tokens, Map<String, RowExpression> columns) {
    List<Part> parts = new ArrayList<>();
    String before = "";
    boolean type = false;
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      boolean function = i + 1 < tokens.size() && tokens.get(i + 1).equals("(");
      type = before.equals("AS") || (type && !token.equals(")"));
      RowExpression meant =
          SqlTokens.isName(token) ? columns.get(Identifier.folded(SqlTokens.name(token))) : null;
      if (meant == null || function || type || before.equals("COLLATE")) {
        parts.add(new Part(token, false));
      } else {
        parts.addAll(meant.parts());
      }
      before = token.toUpperCase(Locale.ROOT);
    }
    return new RowExpression(parts);
  }

  /** The same in parentheses, so that it can stand anywhere. */
  RowExpression enclosed() {
    List<Part> enclosed = new ArrayList<>();
    enclosed.add(new Part("(", false));
    enclosed.addAll(parts);
    enclosed.add(new Part(")", false));
    return new RowExpression(enclosed);
  }

  /** The expression over a row: a table's alias, or NEW. */
  public String over(String row) {
    return parts.stream()
        .map(part -> part.column() ? row + "." + Identifier.quoted(part.text()) : part.text())
        .collect(Collectors.joining(" "));
  }

  /** The names of the columns on which the value depends. */
  public Set<String> columns() {
    return parts.stream().filter(Part::column).map(Part::text).collect(Collectors.toSet());
  }
}
