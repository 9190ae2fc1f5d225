package sh.fazt.mesh.schema;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A UNIQUE index beyond the key.
 *
 * @param where which rows are in it, if not all
 */
public record UniqueIndex(List<Term> terms, Optional<RowExpression> where) {
  public UniqueIndex {
    terms = List.copyOf(terms);
  }

  /**
   * One of the values that together are unique.
   *
   * @param held how a row that is in the table has it
   * @param wanted how it follows from the stored columns, for a row that is not
   * @param collation how it is compared
   */
  public record Term(RowExpression held, RowExpression wanted, String collation) {}

  /**
   * A condition on the row {@code held}, which is in the table: that {@code wanted}, which is not,
   * would clash with it.
   */
  public String clash(String held, String wanted) {
    Stream<String> same =
        terms.stream()
            .map(
                term ->
                    "(%s) = (%s) COLLATE %s"
                        .formatted(
                            term.held().over(held),
                            term.wanted().over(wanted),
                            Identifier.quoted(term.collation())));
    Stream<String> within = where.stream().map(condition -> "(" + condition.over(held) + ")");
    return Stream.concat(same, within).collect(Collectors.joining(" AND "));
  }

  /** The stored columns that decide whether a row clashes. */
  public Set<String> columns() {
    return Stream.concat(terms.stream().map(Term::wanted), where.stream())
        .flatMap(expression -> expression.columns().stream())
        .collect(Collectors.toSet());
  }
}
