package sh.fazt.mesh.lan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.ProtocolDocument;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.roster.SignedOp;

/** The bytes of a beacon that docs/protocol.md shows. */
final class BeaconVectorsTest {
  private static final SigningKey VPS = SigningKey.ofSeed(Bytes.fromHex("02".repeat(32)));
  private static final Bytes FOUNDING = Bytes.fromHex(ProtocolDocument.vector("found"));
  private static final MeshId MESH = new MeshId(Hash.of(FOUNDING));
  private static final Beacon BEACON =
      new Beacon(
          Beacon.Kind.QUESTION,
          VPS.verifyKey(),
          1_763_805_734_123L,
          "vps",
          8443,
          List.of(Bytes.fromHex("c0a80116"), Bytes.fromHex("fe800000000000000000000000000022")));

  private final Bytes content = BeaconClaim.sign(BEACON, MESH, VPS);

  @Test
  void theContentIsTheBeaconAndItsSignature() throws Exception {
    assertThat(content.hex()).isEqualTo(ProtocolDocument.vector("beacon"));
    assertThat(BeaconClaim.read(content).verified(MESH)).contains(BEACON);
  }

  @Test
  void thePacketIsSealedWithAKeyOfTheFoundingOperation() throws Exception {
    BeaconSeal seal = BeaconSeal.of(Roster.fold(MESH, List.of(SignedOp.decode(FOUNDING))));
    Bytes packet = seal.seal(content, size -> Bytes.fromHex("20".repeat(size)));
    assertThat(packet.hex()).isEqualTo(ProtocolDocument.vector("beacon.packet"));
    assertThat(seal.open(packet)).contains(content);
  }
}
