package sh.fazt.mesh.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IndexTextTest {
  private static final String TABLE =
      """
      CREATE TABLE "a table" ( -- (a, b) AS (c)
        k TEXT PRIMARY KEY DEFAULT ('AS (') CHECK (k <> 'x AS (y)'),
        [sel ect] INT, "A""b" TEXT COLLATE NOCASE, text,
        v AS (w || k) STORED, w GENERATED ALWAYS AS (lower("A""b")) VIRTUAL /* , z AS (1) */
      )""";

  private final IndexText text = new IndexText(List.of("k", "sel ect", "A\"b", "text"), TABLE);

  @Test
  void columnsStandForThemselves() {
    assertThat(text.column("K").over("NEW")).isEqualTo("NEW.\"k\"");
    assertThat(text.column("sel ect").over("t")).isEqualTo("t.\"sel ect\"");
  }

  @Test
  void generatedColumnsStandForWhatTheyFollowFromInAnyOrder() {
    assertThat(text.column("w").over("n")).isEqualTo("( lower ( n.\"A\"\"b\" ) )");
    assertThat(text.column("v").over("n")).isEqualTo("( ( lower ( n.\"A\"\"b\" ) ) || n.\"k\" )");
    assertThat(text.column("v").columns()).containsExactlyInAnyOrder("k", "A\"b");
  }

  @Test
  void termsLoseOrderAndCollationAndKeepWhatIsNoColumn() {
    String index =
        """
        CREATE UNIQUE INDEX i ON "a table" (
          lower(k) COLLATE NOCASE DESC, `sel ect` + 1.5e3 ASC, CAST(k AS text), "A""b" COLLATE text,
          coalesce(k, 'it''s, k', x'ab', "nothing"), w) WHERE k IS NOT NULL AND text >= 'k' -- k
        """;
    assertThat(text.terms(index))
        .extracting(term -> term.over("n"))
        .containsExactly(
            "lower ( n.\"k\" )",
            "n.\"sel ect\" + 1.5e3",
            "CAST ( n.\"k\" AS text )",
            "n.\"A\"\"b\"",
            "coalesce ( n.\"k\" , 'it''s, k' , x'ab' , \"nothing\" )",
            "( lower ( n.\"A\"\"b\" ) )");
    assertThat(text.where(index).orElseThrow().over("n"))
        .isEqualTo("n.\"k\" IS NOT NULL AND n.\"text\" >= 'k'");
    assertThat(text.where("CREATE UNIQUE INDEX i ON t (k)")).isEmpty();
  }

  @Test
  void functionsAndColumnsOfOneNameAreToldApart() {
    IndexText lower = new IndexText(List.of("lower"), "CREATE TABLE t (lower TEXT PRIMARY KEY)");
    assertThat(lower.terms("CREATE INDEX i ON t(lower(lower))").get(0).over("n"))
        .isEqualTo("lower ( n.\"lower\" )");
  }
}
