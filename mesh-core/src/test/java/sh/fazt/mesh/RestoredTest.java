package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SiteId;

/** A database that was put back to an older state, its key folder with it. */
class RestoredTest extends PairOfReplicas {
  private static void copyAll(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        Path target = to.resolve(file.getFileName());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Closes the laptop's replica and its application, and copies or puts back all of its files. */
  private void laptopFiles(boolean back) throws IOException {
    nodes.closeMesh("laptop");
    nodes.closeApp("laptop");
    Path copy = folder.resolve("copy");
    Path database = nodes.file("laptop");
    Path keys = folder.resolve("laptop.db.mesh");
    if (back) {
      Files.copy(copy.resolve("laptop.db"), database, StandardCopyOption.REPLACE_EXISTING);
      copyAll(copy.resolve("keys"), keys);
    } else {
      Files.createDirectories(copy);
      Files.copy(database, copy.resolve("laptop.db"));
      copyAll(keys, copy.resolve("keys"));
    }
    nodes.open("laptop");
  }

  /** The laptop wrote 'b' and told the vps; then it was put back to before that. */
  private SiteId restored() throws IOException {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    laptop("INSERT INTO t VALUES ('a', '1')");
    sync();
    laptopFiles(false);
    laptop("INSERT INTO t VALUES ('b', '2')");
    sync();
    laptopFiles(true);
    return nodes.mesh("laptop").site();
  }

  private Bytes heldByTheVps(SiteId site) {
    long seq = nodes.mesh("vps").summary().seq(site);
    return nodes.mesh("vps").delta(List.of(new DotRange(site, seq, seq))).next(1).get(0).envelope();
  }

  /** As a person does with {@code sqlite3 laptop.db ".restore copy"} while the daemon runs. */
  @Test
  void olderCopyPutInPlaceUnderAnOpenReplicaUsesNoNumberTwice() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    laptop("INSERT INTO t VALUES ('a', '1')");
    sync();
    String copy = folder.resolve("old.db").toString();
    nodes.app("laptop").run("backup to " + copy);
    laptop("INSERT INTO t VALUES ('b', '2')", "UPDATE t SET v = '3' WHERE id = 'a'");
    sync();
    SiteId site = nodes.mesh("laptop").site();

    nodes.app("laptop").run("restore from " + copy);
    laptop("INSERT INTO t VALUES ('late', '4')");
    Mesh laptop = nodes.mesh("laptop");
    assertThatThrownBy(laptop::harvest)
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("older copy");
    assertThat(laptop.isOlderCopy()).isTrue();
    assertThat(laptop.mustReopen()).isTrue();
    assertThat(laptop.harvest()).as("nothing more is signed").isEmpty();

    nodes.closeMesh("laptop");
    assertThat(nodes.open("laptop").site()).isEqualTo(new SiteId(site.node(), 2));
    sync();
    assertSame("t");
    assertThat(rows("vps", "SELECT id || v FROM t ORDER BY id"))
        .containsExactly("a3", "b2", "late4");
    assertThat(nodes.mesh("vps").view().forks()).isEmpty();
  }

  @Test
  void olderCopyThatHasAllOfOurOwnBatchesIsNoticedUnderAnOpenReplicaToo() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    laptop("INSERT INTO t VALUES ('a', '1')");
    sync();
    String copy = folder.resolve("old.db").toString();
    nodes.app("laptop").run("backup to " + copy);
    nodes.join("phone", "vps");
    nodes.sync("vps", "phone");
    nodes.app("phone").run("INSERT INTO t VALUES ('p', '1')");
    vps("INSERT INTO t VALUES ('b', '1')");
    nodes.sync("vps", "phone");
    sync();
    nodes.app("laptop").run("restore from " + copy);
    laptop("INSERT INTO t VALUES ('c', '1')");
    assertThatThrownBy(nodes.mesh("laptop")::harvest).hasMessageContaining("older copy");
    nodes.closeMesh("laptop");
    assertThat(nodes.open("laptop").site().incarnation()).isEqualTo(1);
    sync();
    nodes.app("phone").run("INSERT INTO t VALUES ('q', '1')");
    nodes.sync("vps", "phone");
    sync();
    nodes.sync("vps", "phone");
    sync();
    assertSame("t");
    assertThat(nodes.app("phone").exact("t")).isEqualTo(nodes.app("vps").exact("t"));
    assertThat(rows("vps", "SELECT id FROM t ORDER BY id"))
        .containsExactly("a", "b", "c", "p", "q");
  }

  /** The local write that is taken in before a peer's batch makes the mark due. */
  @Test
  void whatArrivesWhileTheMarkCannotBeMovedIsDeliveredAndSaidToBe() throws IOException {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    laptop("INSERT INTO t VALUES ('a', '1')");
    sync();
    Path mark = folder.resolve("laptop.db.mesh").resolve("high-water");
    Files.delete(mark);
    Files.createDirectories(mark.resolve("in the way"));
    vps("INSERT INTO t VALUES ('b', '2')");
    laptop("INSERT INTO t VALUES ('c', '3')");
    List<Bytes> batches =
        nodes.mesh("vps").harvest().stream().map(batch -> batch.envelope()).toList();
    Mesh laptop = nodes.mesh("laptop");
    assertThat(laptop.ingest(batches)).hasOnlyElementsOfType(Ingested.Delivered.class);
    assertThatThrownBy(laptop::takeFresh).as("nothing leaves").isInstanceOf(MeshException.class);
    assertThatThrownBy(laptop::takeFresh).isInstanceOf(MeshException.class);
    Files.delete(mark.resolve("in the way"));
    Files.delete(mark);
    assertThat(laptop.takeFresh()).as("all of it leaves after all").hasSize(1);
    sync();
    assertSame("t");
  }

  @Test
  void batchOfOurOwnThatTheLogLacksEndsTheIncarnation() throws IOException {
    SiteId site = restored();
    Mesh laptop = nodes.mesh("laptop");
    laptop("INSERT INTO t VALUES ('c', '3')");
    List<Ingested> results = laptop.ingest(List.of(heldByTheVps(site)));
    assertThat(results)
        .containsExactly(new Ingested.OwnPast(new Dot(site, laptop.summary().seq(site) + 1)));
    assertThat(laptop.harvest()).as("nothing more is signed").isEmpty();
    assertThatThrownBy(() -> laptop.ingest(List.of(heldByTheVps(site))))
        .isInstanceOf(MeshException.class);
    nodes.closeMesh("laptop");
    assertThat(nodes.open("laptop").site()).isEqualTo(new SiteId(site.node(), 2));
    sync();
    assertThat(rows("laptop", "SELECT id FROM t ORDER BY id")).containsExactly("a", "b", "c");
    assertSame("t");
  }

  @Test
  void anotherBatchInAPlaceThatWasFilledAnewEndsTheIncarnationToo() throws IOException {
    SiteId site = restored();
    laptop("INSERT INTO t VALUES ('c', '3')");
    nodes.mesh("laptop").harvest();
    List<Ingested> results = nodes.mesh("laptop").ingest(List.of(heldByTheVps(site)));
    assertThat(results).hasOnlyElementsOfType(Ingested.OwnPast.class);
    nodes.closeMesh("laptop");
    assertThat(nodes.open("laptop").site().incarnation()).isEqualTo(2);
  }

  @Test
  void batchOfOurOwnThatTheLogHoldsMeansNothing() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    laptop("INSERT INTO t VALUES ('a', '1')");
    sync();
    Bytes own = heldByTheVps(nodes.mesh("laptop").site());
    assertThat(nodes.mesh("laptop").ingest(List.of(own)))
        .hasOnlyElementsOfType(Ingested.Duplicate.class);
    nodes.closeMesh("laptop");
    assertThat(nodes.open("laptop").site().incarnation()).isEqualTo(1);
  }

  /** Opened before the mark stands, it would go on as itself and use numbers twice. */
  @Test
  void olderCopyWhoseMarkCannotBeMovedIsOpenedOnceItCan() throws IOException {
    SiteId site = restored();
    Mesh laptop = nodes.mesh("laptop");
    laptop("INSERT INTO t VALUES ('c', '3')");
    Path mark = folder.resolve("laptop.db.mesh").resolve("high-water");
    Files.delete(mark);
    Files.createDirectories(mark.resolve("in the way"));
    Bytes held = heldByTheVps(site);
    assertThatThrownBy(() -> laptop.ingest(List.of(held))).isInstanceOf(MeshException.class);
    assertThatThrownBy(laptop::harvest).isInstanceOf(MeshException.class);
    assertThat(laptop.mustReopen()).as("it would use numbers twice").isFalse();
    Files.delete(mark.resolve("in the way"));
    Files.delete(mark);
    assertThat(laptop.harvest()).as("nothing more is signed").isEmpty();
    assertThat(laptop.mustReopen()).isTrue();
    nodes.closeMesh("laptop");
    assertThat(nodes.open("laptop").site()).isEqualTo(new SiteId(site.node(), 2));
    sync();
    assertThat(rows("vps", "SELECT id FROM t ORDER BY id")).containsExactly("a", "b", "c");
    assertSame("t");
  }

  /** As the disk may be full after the local writes were signed. */
  @Test
  void changesThatWereSignedInVainAreCountedOnce() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    Mesh laptop = nodes.mesh("laptop");
    laptop.takeRowsWritten();
    vps("INSERT INTO t VALUES ('of the vps', '0')");
    List<Bytes> batches =
        nodes.mesh("vps").harvest().stream().map(batch -> batch.envelope()).toList();
    laptop(
        "CREATE TRIGGER full BEFORE INSERT ON _mesh_batch WHEN NEW.changes = 1"
            + " BEGIN SELECT RAISE(ABORT, 'full'); END");
    laptop.harvest();
    laptop("INSERT INTO t VALUES ('a', '1'), ('b', '2'), ('c', '3')");
    assertThatThrownBy(() -> laptop.ingest(batches)).isInstanceOf(MeshException.class);
    laptop("DROP TRIGGER full");
    assertThat(laptop.ingest(batches)).hasOnlyElementsOfType(Ingested.Delivered.class);
    assertThat(laptop.takeFresh()).hasSize(1);
    assertThat(laptop.takeRowsWritten()).isEqualTo(3);
    assertThat(laptop.takeRowsWritten()).isZero();
  }
}
