package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** Two replicas that meet through files alone. */
abstract class BundlesOfReplicas {
  static final String TABLE = "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)";

  @TempDir Path folder;
  TestNodes nodes;

  @BeforeEach
  void setUp() {
    nodes = new TestNodes(folder, 1);
  }

  @AfterEach
  void tearDown() {
    nodes.close();
  }

  /** Two members that have met once, closed; only their applications work. */
  void pair() {
    nodes.database("vps", TABLE, "INSERT INTO t VALUES ('a', 'of the vps')");
    nodes.found("vps");
    nodes.join("laptop", "vps");
    nodes.closeMesh("vps");
    nodes.closeMesh("laptop");
  }

  Path bundle(String name) {
    return folder.resolve(name + ".bundle");
  }

  BundleExport.Written export(String node, BundleExport export) {
    try (ReplicaRecipient replica = ReplicaRecipient.open(nodes.file(node), nodes.ambient(node))) {
      return export.write(replica.summary());
    }
  }

  BundleExport.Written export(String node, String name) {
    return export(node, BundleExport.of(nodes.file(node), bundle(name)));
  }

  BundleExport.Written export(String node, String name, String peer) {
    return export(node, BundleExport.of(nodes.file(node), bundle(name)).forPeer(peer));
  }

  BundleImport.Taken take(String node, Path bundle) {
    try (ReplicaRecipient replica = ReplicaRecipient.open(nodes.file(node), nodes.ambient(node))) {
      BundleImport.Taken taken = BundleImport.take(bundle, replica, batches -> {});
      replica.settle();
      return taken;
    }
  }

  BundleImport.Taken take(String node, String name) {
    return take(node, bundle(name));
  }

  void write(String node, String id, String value) {
    nodes.nowMillis += 1_000;
    nodes.app(node).run("INSERT INTO t VALUES ('" + id + "', '" + value + "')");
    // A batch of its own.
    nodes.open(node).harvest();
    nodes.closeMesh(node);
  }

  List<String> rows(String node) {
    return nodes.app(node).column("SELECT id || ':' || v FROM t ORDER BY id");
  }

  Summary summary(String node) {
    Summary summary = nodes.open(node).summary();
    nodes.closeMesh(node);
    return summary;
  }

  static void refused(ErrorCode code, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
