package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Mass deletes of more rows than one page has: the pages grow up to the limit and no further. */
class MassDeletePagesTest extends PairOfReplicas {
  private static final int ROWS = 6_000;
  private static final int HELD = 5_001;
  private static final List<Integer> PAGES =
      List.of(200, 400, 800, 1_600, MassDeletes.PAGE_ROWS_MAX, 1);

  private List<String> held() {
    pair(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                .formatted(ROWS)
            + " INSERT INTO t SELECT i, 'v' || i FROM n");
    List<String> before = nodes.app("laptop").exact("t");
    vps("DELETE FROM t WHERE id <= " + HELD);
    sync();
    assertThat(nodes.mesh("vps").massDeletes().held())
        .singleElement()
        .extracting(HeldDeletes::rows)
        .isEqualTo((long) HELD);
    return before;
  }

  /** How many rows each page deals with. */
  private static List<Integer> pages(Deciding deciding) {
    List<Integer> pages = new ArrayList<>();
    long before = 0;
    while (deciding.next()) {
      if (deciding.rows() > before) {
        pages.add((int) (deciding.rows() - before));
        before = deciding.rows();
      }
    }
    return pages;
  }

  @Test
  void rowsOfManyPagesComeBack() {
    List<String> before = held();
    try (Deciding undoing = nodes.mesh("vps").massDeletes().undoing(Set.of())) {
      assertThat(pages(undoing)).isEqualTo(PAGES);
      assertThat(undoing.decision().unknown()).isZero();
    }
    sync();
    assertThat(nodes.app("vps").exact("t")).isEqualTo(before);
    assertSame("t");
    assertThat(nodes.mesh("vps").massDeletes().held()).isEmpty();
  }

  @Test
  void rowsOfManyPagesGoAndAreKeptBefore() {
    List<String> before = held();
    List<Path> kept = new ArrayList<>();
    try (Deciding here = nodes.mesh("vps").massDeletes().allowing(Set.of())) {
      assertThat(pages(here)).as("what is told leaves at once").containsExactly(HELD);
      kept.add(here.decision().restorePoint().orElseThrow());
    }
    sync();
    try (Deciding there = nodes.mesh("laptop").massDeletes().allowing(Set.of())) {
      assertThat(pages(there)).isEqualTo(PAGES);
      kept.add(there.decision().restorePoint().orElseThrow());
    }
    sync();
    assertThat(nodes.app("laptop").exact("t")).hasSize(ROWS - HELD);
    assertSame("t");
    for (Path file : kept) {
      try (PlainSql copy = new PlainSql(file)) {
        assertThat(copy.exact("t")).hasSize(HELD).isSubsetOf(before);
      }
    }
  }
}
