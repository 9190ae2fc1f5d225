package sh.fazt.mesh.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.ProtocolDocument;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;

/** The bytes of a bundle, as docs/protocol.md shows them; they change never. */
final class BundleVectorsTest {
  private static final SiteId SITE =
      new SiteId(SigningKey.ofSeed(Bytes.wrap(new byte[32])).verifyKey(), 1);
  private static final Hash HASH = Hash.of(Bytes.utf8("fazt"));
  private static final BundleHeader HEADER =
      new BundleHeader(
          new MeshId(HASH),
          SITE,
          Optional.of(SITE.node()),
          Summary.EMPTY.with(SITE, new Head(300, HASH)));

  private static Bytes written() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BundleWriter writer = new BundleWriter(out, HEADER);
    writer.operation(Bytes.utf8("operation"));
    writer.envelope(Bytes.utf8("envelope"));
    writer.end();
    return Bytes.wrap(out.toByteArray());
  }

  @Test
  void theBytesAreThoseOfTheVector() throws IOException {
    assertThat(written().hex()).isEqualTo(ProtocolDocument.vector("bundle"));
  }

  @Test
  void theVectorReadsAsWhatWasWritten() throws Exception {
    Bytes vector = Bytes.fromHex(ProtocolDocument.vector("bundle"));
    BundleReader reader = new BundleReader(new ByteArrayInputStream(vector.toArray()));
    List<BundleRecord> records = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      records.add(reader.next());
    }
    assertThat(records)
        .containsExactly(
            new BundleRecord.Header(HEADER),
            new BundleRecord.Operation(Bytes.utf8("operation")),
            new BundleRecord.Envelope(Bytes.utf8("envelope")),
            new BundleRecord.End(1, 1));
  }
}
