package sh.fazt.mesh.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TableTest {
  @Test
  void columnsAreAlignedByWhatTheEyeSees() {
    Table table = Table.of("A", ">N").row("é", "1").row("e\u0301", "20").row("日本", "300");
    assertThat(table.aligned(" "))
        .containsExactly(" A       N", " é       1", " e\u0301      20", " 日本  300");
  }

  @Test
  void markdownCannotBeBrokenByACell() {
    Table table = Table.of("A").row("x|y\\|z\n");
    assertThat(table.markdown()).containsExactly("| A |", "| --- |", "| x\\|y\\\\\\|z? |");
  }

  @Test
  void aRowHasACellAColumn() {
    assertThatThrownBy(() -> Table.of("A", "B").row("x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
