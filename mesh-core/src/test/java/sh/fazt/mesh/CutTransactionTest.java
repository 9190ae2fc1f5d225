package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;

/**
 * A transaction that is taken in by many turns, and whose author goes on as another incarnation in
 * the middle of it: what was told of it by then shows, and blocks nobody.
 */
class CutTransactionTest extends PairOfReplicas {
  private static final String MANY =
      """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
      INSERT INTO t SELECT 'r' || i, i FROM n""";

  private void backup() {
    nodes.app("laptop").run("backup to " + folder.resolve("old.db"));
  }

  private void putBack() throws IOException {
    nodes.closeMesh("laptop");
    nodes.closeApp("laptop");
    Files.deleteIfExists(Path.of(nodes.file("laptop") + "-wal"));
    Files.deleteIfExists(Path.of(nodes.file("laptop") + "-shm"));
    Files.copy(folder.resolve("old.db"), nodes.file("laptop"), StandardCopyOption.REPLACE_EXISTING);
    nodes.open("laptop");
  }

  @Test
  void whatACopyFromWithinItLeftOpenShowsAndBlocksNobody() throws IOException {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    laptop(MANY.formatted(3_000));
    nodes.mesh("laptop").harvest();
    backup();
    nodes.mesh("laptop").harvest();
    putBack();
    assertThat(nodes.mesh("laptop").site().incarnation()).isEqualTo(2);
    sync();
    laptop("INSERT INTO t VALUES ('later', 1)");
    sync();
    assertSame("t");
  }

  @Test
  void whatPeersHaveBeyondTheCopyShowsToo() throws IOException {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    laptop(MANY.formatted(3_000));
    nodes.mesh("laptop").harvest();
    backup();
    sync();
    laptop("DELETE FROM t WHERE id = 'r17'");
    sync();
    putBack();
    assertThat(nodes.mesh("laptop").site().incarnation()).isEqualTo(2);
    sync();
    laptop("INSERT INTO t VALUES ('later', 1)");
    sync();
    assertSame("t");
  }

  @Test
  void aMarkThatIsDamagedWithinItBlocksNobody() throws IOException {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    laptop(MANY.formatted(3_000));
    nodes.mesh("laptop").harvest();
    nodes.closeMesh("laptop");
    Files.writeString(folder.resolve("laptop.db.mesh/high-water"), "damaged");
    nodes.open("laptop");
    sync();
    laptop("INSERT INTO t VALUES ('later', 1)");
    sync();
    assertSame("t");
  }
}
