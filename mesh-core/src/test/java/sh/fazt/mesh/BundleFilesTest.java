package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.store.ReplicaFiles;

/** A replica's own files are no bundles, and no place for one. */
class BundleFilesTest extends PairOfReplicas {
  private static final String TABLE = "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)";

  private Path own(String name) throws IOException {
    Path file = nodes.file("vps");
    return switch (name) {
      case "linked" -> Files.createSymbolicLink(folder.resolve("linked"), file);
      case "hard linked" -> Files.createLink(folder.resolve("hard"), file);
      case "keys" -> folder.resolve("vps.db.mesh").resolve("node.key");
      case "in the key folder" -> folder.resolve("vps.db.mesh").resolve("bundle");
      default -> Path.of(file + name);
    };
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE))
        .hasMessageContaining("itself");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-wal",
        "-shm",
        "-journal",
        "linked",
        "hard linked",
        "keys",
        "in the key folder"
      })
  void noneOfThemIsTakenInOrReplaced(String name) throws IOException {
    pair(TABLE, "INSERT INTO t VALUES ('a', 'one')");
    Path file = own(name);
    refused(
        () ->
            BundleExport.of(nodes.file("vps"), file)
                .replacing()
                .write(nodes.mesh("vps").summary()));
    nodes.closeMesh("vps");
    try (ReplicaRecipient replica =
        ReplicaRecipient.open(nodes.file("vps"), nodes.ambient("vps"))) {
      refused(() -> BundleImport.take(file, replica, batches -> {}));
    }
    nodes.open("vps");
    assertThat(rows("vps", "PRAGMA integrity_check")).containsExactly("ok");
    assertThat(rows("vps", "SELECT v FROM t")).containsExactly("one");
  }

  /** What a bundle is written to first must be none of them either. */
  @Test
  void aDatabaseThatIsNamedLikeAPartStays() throws IOException {
    Path database = folder.resolve("x.part");
    Files.writeString(database, "rows");
    assertThatThrownBy(() -> BundleExport.of(database, folder.resolve("x")).write(Summary.EMPTY))
        .hasMessageContaining("itself");
    assertThat(database).hasContent("rows");
  }

  @Test
  void anythingElseIsAllowed() {
    for (String name : List.of("vps.db.bundle", "vps.dbx", "vps.db.mesh2", "vps.db-walk")) {
      assertThatCode(
              () -> ReplicaFiles.requireOther(folder.resolve(name), folder.resolve("vps.db")))
          .doesNotThrowAnyException();
    }
  }
}
