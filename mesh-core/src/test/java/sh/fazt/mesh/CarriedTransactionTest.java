package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.wire.SignedBatch;

/** Transactions on a branch that is carried: each is shown whole or not at all. */
class CarriedTransactionTest extends PairOfReplicas {
  private static final int ROWS = 4_000;
  private static final int LARGE_ROWS = 30;
  private static final int LARGE_BYTES = 200_000;

  private void harvestAll(String name) {
    nodes.mesh(name).harvest();
    while (nodes.mesh(name).hasMore()) {
      nodes.mesh(name).harvest();
    }
  }

  /** The laptop, put back with its mark, goes on as if nothing had been; the vps has the rest. */
  private SiteId forked() throws IOException {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v, blob)");
    laptop("INSERT INTO t VALUES ('a', 'a', NULL)");
    sync();
    Path old = folder.resolve("old.db");
    Path mark = folder.resolve("laptop.db.mesh/high-water");
    nodes.app("laptop").run("backup to " + old);
    byte[] marked = Files.readAllBytes(mark);
    laptop("INSERT INTO t VALUES ('b', 'b', NULL)");
    sync();
    nodes.closeMesh("laptop");
    nodes.closeApp("laptop");
    Files.deleteIfExists(Path.of(nodes.file("laptop") + "-wal"));
    Files.deleteIfExists(Path.of(nodes.file("laptop") + "-shm"));
    Files.copy(old, nodes.file("laptop"), StandardCopyOption.REPLACE_EXISTING);
    Files.write(mark, marked);
    return nodes.open("laptop").site();
  }

  private Ingested giveHead(SiteId site) {
    long seq = nodes.mesh("vps").summary().seq(site);
    Bytes head =
        nodes.mesh("vps").delta(List.of(new DotRange(site, seq, seq))).next(1).get(0).envelope();
    return nodes.mesh("laptop").ingest(List.of(head)).get(0);
  }

  /** The laptop hears of its other branch, and goes on as the next incarnation. */
  private void meetTheOther(SiteId site) {
    assertThat(giveHead(site)).isInstanceOf(Ingested.OwnPast.class);
    nodes.closeMesh("laptop");
    nodes.open("laptop");
    assertThat(giveHead(site)).isInstanceOf(Ingested.Forked.class);
  }

  private void assertWhole() {
    String torn =
        "SELECT v || ' ' || count(*) FROM t WHERE v LIKE 'many%%' OR v = 'large' GROUP BY v"
            + " HAVING count(*) NOT IN (%d, %d)";
    assertThat(rows("vps", torn.formatted(ROWS, LARGE_ROWS))).as("torn").isEmpty();
  }

  private void deliver() {
    Mesh source = nodes.mesh("laptop");
    DeltaCursor delta = source.delta(nodes.mesh("vps").summary().lacking(source.summary()));
    for (List<SignedBatch> page = delta.next(1); !page.isEmpty(); page = delta.next(1)) {
      nodes.mesh("vps").ingest(page.stream().map(SignedBatch::envelope).toList());
      assertWhole();
      while (nodes.mesh("vps").hasMore()) {
        nodes.mesh("vps").harvest();
        assertWhole();
      }
    }
  }

  @Test
  void eachIsShownWholeWhateverIsCarriedWithIt() throws IOException {
    SiteId site = forked();
    for (int i = 0; i < 3; i++) {
      laptop(
          """
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
          INSERT INTO t SELECT 'r%d-' || i, 'many%d', NULL FROM n"""
              .formatted(ROWS, i, i));
      harvestAll("laptop");
    }
    laptop(
        """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
        INSERT INTO t SELECT 'l' || i, 'large', randomblob(%d) FROM n"""
            .formatted(LARGE_ROWS, LARGE_BYTES));
    harvestAll("laptop");
    meetTheOther(site);
    boolean more = true;
    while (more) {
      more = nodes.mesh("laptop").branches().carry();
      deliver();
    }
    assertThat(rows("vps", "SELECT count(*) FROM t WHERE v LIKE 'many%' OR v = 'large'"))
        .containsExactly(String.valueOf(3 * ROWS + LARGE_ROWS));
  }

  /** How many batches each page of the laptop's carries; each is delivered before the next. */
  private List<Long> pages() {
    List<Long> pages = new ArrayList<>();
    SiteId own = nodes.mesh("laptop").site();
    boolean more = true;
    while (more) {
      long before = nodes.mesh("laptop").summary().seq(own);
      more = nodes.mesh("laptop").branches().carry();
      pages.add(nodes.mesh("laptop").summary().seq(own) - before);
      sync();
    }
    return pages;
  }

  /** Both branches are carried, each by who holds it, and in the end all is everywhere. */
  private void assertNothingIsLost(int rows) {
    while (nodes.mesh("vps").branches().carry()) {
      sync();
    }
    sync();
    String all = "SELECT id || v || ifnull(length(blob), '') FROM t ORDER BY id";
    assertThat(rows("vps", all)).hasSize(rows + 2).isEqualTo(rows("laptop", all));
    assertNothingWaits();
  }

  private void assertPages(Branches.Page end, String pages) {
    nodes.mesh("laptop").branches().endPagesAt(end);
    assertThat(pages().stream().map(String::valueOf).toList()).containsExactly(pages.split(" "));
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "4, 3 1"})
  void aPageEndsWithinATransactionOfMoreBytesThanTheLimit(int rows, String pages)
      throws IOException {
    SiteId site = forked();
    laptop(
        """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
        INSERT INTO t SELECT 'm' || i, 'a batch of its own', randomblob(300000) FROM n"""
            .formatted(rows));
    harvestAll("laptop");
    meetTheOther(site);
    assertPages(new Branches.Page(64, 4 << 20, 1_024, 900_000), pages);
    assertNothingIsLost(rows);
  }

  @ParameterizedTest
  @CsvSource({"1400, 3", "1401, 3 1"})
  void aPageEndsWithinATransactionOfMoreBatchesThanTheLimit(int rows, String pages)
      throws IOException {
    SiteId site = forked();
    laptop(
        """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
        INSERT INTO t SELECT 'r' || i, i, NULL FROM n"""
            .formatted(rows));
    harvestAll("laptop");
    meetTheOther(site);
    assertPages(new Branches.Page(64, 4 << 20, 3, 32 << 20), pages);
    assertNothingIsLost(rows);
  }
}
