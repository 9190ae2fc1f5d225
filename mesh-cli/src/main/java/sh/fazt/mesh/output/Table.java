package sh.fazt.mesh.output;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows under named columns.
 *
 * @param columns from left to right
 * @param rows each with a cell a column
 */
public record Table(List<Column> columns, List<List<String>> rows) {
  private static final String GAP = "  ";

  /** A heading, and whether its cells stand at the right (numbers) or the left. */
  public record Column(String name, boolean right) {}

  public Table {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            row.size() + " cells under " + columns.size() + " columns: " + row);
      }
    }
  }

  /** A table without rows yet; a heading that starts with {@code >} belongs to numbers. */
  public static Table of(String... headings) {
    List<Column> columns = new ArrayList<>();
    for (String heading : headings) {
      boolean right = heading.startsWith(">");
      columns.add(new Column(right ? heading.substring(1) : heading, right));
    }
    return new Table(columns, List.of());
  }

  /** This table with one more row. */
  public Table row(String... cells) {
    List<List<String>> more = new ArrayList<>(rows);
    more.add(List.of(cells));
    return new Table(columns, more);
  }

  /**
   * Lines with aligned columns behind a margin, without trailing blanks; the first holds the
   * headings.
   */
  List<String> aligned(String margin) {
    List<String> headings = columns.stream().map(Column::name).toList();
    int[] widths = widths(headings);
    List<String> lines = new ArrayList<>();
    lines.add(margin + line(headings, widths));
    for (List<String> row : rows) {
      lines.add(margin + line(row, widths));
    }
    return lines;
  }

  /** The same as a table of GitHub Flavored Markdown. */
  List<String> markdown() {
    List<String> lines = new ArrayList<>();
    lines.add(markdownLine(columns.stream().map(Column::name).toList()));
    lines.add(markdownLine(columns.stream().map(c -> c.right() ? "---:" : "---").toList()));
    for (List<String> row : rows) {
      lines.add(markdownLine(row.stream().map(Table::escaped).toList()));
    }
    return lines;
  }

  private int[] widths(List<String> headings) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Printable.width(headings.get(i));
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], Printable.width(Printable.of(row.get(i))));
      }
    }
    return widths;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = Printable.of(cells.get(i));
      String blanks = " ".repeat(widths[i] - Printable.width(cell));
      line.append(i == 0 ? "" : GAP);
      line.append(columns.get(i).right() ? blanks + cell : cell + blanks);
    }
    return line.toString().stripTrailing();
  }

  private static String markdownLine(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private static String escaped(String cell) {
    return Printable.of(cell).replace("\\", "\\\\").replace("|", "\\|");
  }
}
