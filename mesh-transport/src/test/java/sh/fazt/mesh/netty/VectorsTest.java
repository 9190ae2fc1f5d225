package sh.fazt.mesh.netty;

import static org.assertj.core.api.Assertions.assertThat;

import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.ProtocolDocument;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.SigningKey;

/** The bytes of links that docs/protocol.md shows. */
final class VectorsTest {
  private static final SigningKey NODE = SigningKey.ofSeed(Bytes.fromHex("02".repeat(32)));

  /** A SubjectPublicKeyInfo on P-256: its generator, as the public key of the secret 1. */
  private static final Bytes PUBLIC_KEY_INFO =
      Bytes.fromHex(
          "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
              + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
              + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

  @Test
  void theBindingIsTheNodeKeyAndItsSignatureOverThePublicKeyInfo() {
    assertThat(NodeCertificate.binding(NODE, PUBLIC_KEY_INFO).hex())
        .isEqualTo(ProtocolDocument.vector("binding"));
  }

  @Test
  void aFrameIsItsLengthInFourBytesThenItsBytes() throws Exception {
    Ear ear = new Ear();
    try (Links links = new Links(TlsIdentity.create(NODE), LinkLimits.DEFAULT, "0.1.0");
        LinkServer server = links.listen(new ListenAddress("127.0.0.1", 0), ear);
        SSLSocket raw = Raw.connect(server.port(), TlsIdentity.create(NODE))) {
      Raw.say(raw, Bytes.fromHex(ProtocolDocument.vector("preamble")));
      Ear.next(ear.opened).send(Bytes.fromHex("01ff"));
      Bytes heard = Bytes.wrap(raw.getInputStream().readNBytes(12));
      assertThat(heard.hex())
          .isEqualTo(ProtocolDocument.vector("preamble") + ProtocolDocument.vector("frame"));
      Raw.say(raw, Bytes.fromHex("0000000302abcd"));
      assertThat(Ear.next(ear.frames)).isEqualTo(Bytes.fromHex("02abcd"));
    }
  }
}
