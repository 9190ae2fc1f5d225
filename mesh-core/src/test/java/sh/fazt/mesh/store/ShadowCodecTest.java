package sh.fazt.mesh.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.projection.ShadowRow;

class ShadowCodecTest {
  private static final int MOST = 8_192;

  @TempDir Path folder;

  /** A shadow of a row that never was, with so long an empty set of columns. */
  private static Bytes packed(int bytes) {
    return new ByteWriter().u8(0).bytes(Bytes.wrap(new byte[bytes])).toBytes();
  }

  @Test
  void aLongerSetOfColumnsThanTheLimitIsAFaultOfOurOwnFile() {
    try (Database database = Database.create(folder.resolve("a.db"))) {
      MeshTables.create(database);
      ShadowCodec codec = new ShadowCodec(new SiteBook(database));
      assertThat(codec.decode(packed(MOST))).isEqualTo(ShadowRow.NONE);
      assertThatThrownBy(() -> codec.decode(packed(MOST + 1)))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
