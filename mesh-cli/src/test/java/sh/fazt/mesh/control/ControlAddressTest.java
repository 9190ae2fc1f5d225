package sh.fazt.mesh.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.fault.MeshException;

final class ControlAddressTest {
  @TempDir private Path folder;

  @Test
  void theSocketLiesBesideTheDatabase() {
    assertThat(ControlAddress.of(Path.of("/srv/data.db"), Map.of()).socket())
        .isEqualTo(Path.of("/srv/data.db.mesh/control.sock"));
  }

  @Test
  void aLinkToTheDatabaseLeadsToTheSameSocket() throws IOException {
    Path database = Files.createFile(folder.resolve("data.db"));
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), database);
    assertThat(ControlAddress.of(link, Map.of())).isEqualTo(ControlAddress.of(database, Map.of()));
  }

  @Test
  void aPathTooLongForSocketsMovesToTheRuntimeFolder() {
    Path deep = Path.of("/srv/" + "x".repeat(120) + "/data.db");
    Path other = Path.of("/srv/" + "x".repeat(120) + "/other.db");
    ControlAddress address = ControlAddress.of(deep, Map.of("XDG_RUNTIME_DIR", "/run/user/1000"));
    assertThat(address.socket().toString()).startsWith("/run/user/1000/fazt-mesh-");
    assertThat(address.socket().toString().length())
        .isLessThanOrEqualTo(ControlAddress.PATH_BYTES_MAX);
    assertThat(ControlAddress.of(deep, Map.of()).socket().toString()).startsWith("/tmp/fazt-mesh-");
    assertThat(ControlAddress.of(other, Map.of())).isNotEqualTo(ControlAddress.of(deep, Map.of()));
    String longRuntime = "/" + "r".repeat(100);
    assertThat(ControlAddress.of(deep, Map.of("XDG_RUNTIME_DIR", longRuntime)).socket().toString())
        .startsWith("/tmp/fazt-mesh-");
  }

  @Test
  void aFolderThatOthersMayEnterIsRefused() throws IOException {
    Path loose = Files.createDirectory(folder.resolve("loose"));
    Files.setPosixFilePermissions(loose, PosixFilePermissions.fromString("rwxr-x---"));
    assertThatThrownBy(() -> new PrivateFolder(loose).make())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("others may enter");
  }

  @Test
  void aLinkInPlaceOfTheFolderIsRefused() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    assertThatThrownBy(() -> new PrivateFolder(link).make())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("is not a folder");
  }
}
