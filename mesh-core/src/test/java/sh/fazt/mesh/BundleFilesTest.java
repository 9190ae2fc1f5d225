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

  private void says(Path file, ErrorCode code, String message, String remedy) {
    try (ReplicaRecipient replica =
        ReplicaRecipient.open(nodes.file("vps"), nodes.ambient("vps"))) {
      assertThatThrownBy(() -> BundleImport.take(file, replica, batches -> {}))
          .hasMessage(message)
          .isInstanceOfSatisfying(
              MeshException.class,
              e -> {
                assertThat(e.code()).isEqualTo(code);
                assertThat(e.remedy()).contains(remedy);
              });
    }
  }

  @Test
  void whatIsWrongWithABundlesNameIsToldAndWhatIsNext() throws IOException {
    pair(TABLE);
    nodes.closeMesh("vps");
    Path stick = Files.createDirectory(folder.resolve("stick"));
    Path bundle = stick.resolve("vps.bundle");
    Path typo = stick.resolve("vps.bundel");
    Path nowhere = folder.resolve("sticks").resolve("vps.bundle");
    String list = "ls -l " + stick;
    says(bundle, ErrorCode.USAGE, "there is no file " + bundle, list);
    Files.writeString(bundle, "");
    says(
        typo, ErrorCode.USAGE, "there is no file " + typo + "; did you mean " + bundle + "?", list);
    says(stick, ErrorCode.USAGE, stick + " is a folder, not a file", list);
    says(
        nowhere,
        ErrorCode.USAGE,
        "there is no folder " + nowhere.getParent() + ", so no file " + nowhere,
        "ls -ld " + folder);
    String no = bundle + " is no bundle of fazt mesh: it ";
    String end = "; nothing was taken in";
    String next = "on the other machine: fazt mesh export FILE";
    says(bundle, ErrorCode.NOT_A_BUNDLE, no + "is empty" + end, next);
    Files.writeString(bundle, "hello, world");
    says(bundle, ErrorCode.NOT_A_BUNDLE, no + "does not begin as one" + end, next);
    Files.writeString(bundle, "SQLite format 3\0 and so on");
    says(bundle, ErrorCode.NOT_A_BUNDLE, no + "seems to be an SQLite database" + end, next);
    nodes.open("vps");
  }

  @Test
  void aBundleIsWrittenWhereThereIsAFolderForIt() throws IOException {
    pair(TABLE);
    Summary all = nodes.mesh("vps").summary();
    Path nowhere = folder.resolve("stick").resolve("vps.bundle");
    assertThatThrownBy(() -> BundleExport.of(nodes.file("vps"), nowhere).write(all))
        .hasMessage("there is no folder " + nowhere.getParent() + ", so no file " + nowhere)
        .extracting(e -> ((MeshException) e).remedy().orElseThrow())
        .isEqualTo("mkdir -p " + nowhere.getParent());
    Files.createDirectory(nowhere.getParent());
    assertThatThrownBy(() -> BundleExport.of(nodes.file("vps"), nowhere.getParent()).write(all))
        .hasMessage(nowhere.getParent() + " is a folder, not a file");
    assertThat(BundleExport.of(nodes.file("vps"), nowhere).write(all).bytes()).isPositive();
  }
}
