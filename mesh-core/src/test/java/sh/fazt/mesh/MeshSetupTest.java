package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.fault.MeshException;

/** What is done to a database before it takes part in a mesh. */
class MeshSetupTest {
  private static final int PAGE_BYTES = 4096;

  @TempDir Path folder;

  private static void overwrite(Path file, long page, byte[] bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(page * PAGE_BYTES);
      open.write(bytes);
    }
  }

  @Test
  void copyThatFailsLeavesNothingInTheWayOfTheNext() throws IOException {
    Path from = folder.resolve("a.db");
    Path to = folder.resolve("b.db");
    try (PlainSql app = new PlainSql(from)) {
      app.run("CREATE TABLE t (id INTEGER PRIMARY KEY, v)");
      app.run(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
              + " INSERT INTO t SELECT i, hex(randomblob(500)) FROM n");
    }
    byte[] whole = Files.readAllBytes(from);
    overwrite(from, 20, new byte[PAGE_BYTES]);
    assertThatThrownBy(() -> MeshSetup.copy(from, to)).isInstanceOf(MeshException.class);
    assertThat(to).doesNotExist();
    Files.write(from, whole);
    MeshSetup.copy(from, to);
    try (PlainSql copy = new PlainSql(to)) {
      assertThat(copy.one("SELECT count(*) FROM t")).isEqualTo("500");
    }
    assertThatThrownBy(() -> MeshSetup.copy(from, to))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.remedy()).contains("ls -ld " + to));
    assertThat(to).as("what was there").exists();
  }

  @Test
  void whoMayNotReadADatabaseMayNotReadItsCopy() throws IOException {
    for (String mode : List.of("rw-------", "rw-r-----")) {
      Path from = folder.resolve(mode + ".db");
      Path to = folder.resolve(mode + ".copy");
      try (PlainSql app = new PlainSql(from)) {
        app.run("CREATE TABLE t (id INTEGER PRIMARY KEY)");
      }
      Files.setPosixFilePermissions(from, PosixFilePermissions.fromString(mode));
      MeshSetup.copy(from, to);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to))).isEqualTo(mode);
    }
  }
}
