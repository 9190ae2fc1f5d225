package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.ProtocolDocument;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.Passphrase;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.wire.WireLimits;

/** Limits of what a joiner and a server tell each other, each crossed by one; and bad keys. */
final class RosterLimitsTest {
  private static final int NODE_KEY_AT = 1 + 1 + 16 + RosterLimits.NONCE_BYTES;

  private static void isRefused(Bytes frame, String why) {
    assertThatThrownBy(() -> AdmissionMessage.decode(frame))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  private static ByteWriter table() {
    return new ByteWriter().u8(PreviewMessage.TableText.TYPE).text("t");
  }

  @Test
  void tooManyOperations() {
    isRefused(
        new ByteWriter()
            .u8(AdmissionMessage.Operations.TYPE)
            .varint(RosterLimits.OPERATIONS_MAX + 1L)
            .toBytes(),
        "operations 20001 over 20000");
  }

  @Test
  void tooLongARefusal() {
    isRefused(
        new ByteWriter()
            .u8(AdmissionMessage.Refused.TYPE)
            .u8(1)
            .text("x".repeat(RosterLimits.MESSAGE_BYTES_MAX + 1))
            .u64(1)
            .toBytes(),
        "length 513 over 512");
  }

  @Test
  void aTableWhoseBatchesMayTravelMayBeToldOf() {
    assertThat(RosterLimits.TABLE_NAME_BYTES_MAX).isEqualTo(WireLimits.NAME_BYTES_MAX);
  }

  @Test
  void tooLongATable() {
    isRefused(
        new ByteWriter()
            .u8(PreviewMessage.TableText.TYPE)
            .varint(RosterLimits.TABLE_NAME_BYTES_MAX + 1L)
            .toBytes(),
        "length 1025 over 1024");
    isRefused(
        table().varint(RosterLimits.TABLE_SQL_BYTES_MAX + 1L).toBytes(), "length 131073 over");
    isRefused(
        table().text("sql").varint(RosterLimits.INDEXES_MAX + 1L).toBytes(), "indexes 33 over 32");
    isRefused(
        table().text("sql").varint(1).varint(RosterLimits.INDEX_SQL_BYTES_MAX + 1L).toBytes(),
        "length 16385 over");
    isRefused(
        table().text("sql").varint(0).varint(RosterLimits.FORMER_COLUMNS_MAX + 1L).toBytes(),
        "former columns 257 over 256");
    isRefused(
        table()
            .text("sql")
            .varint(0)
            .varint(1)
            .varint(RosterLimits.COLUMN_NAME_BYTES_MAX + 1L)
            .toBytes(),
        "length 513 over 512");
  }

  @Test
  void tooLongAName() {
    Bytes hello = Bytes.fromHex(ProtocolDocument.vector("hello"));
    isRefused(
        new ByteWriter()
            .raw(hello.slice(0, NODE_KEY_AT + VerifyKey.SIZE))
            .text("x".repeat(RosterLimits.NAME_BYTES_MAX + 1))
            .toBytes(),
        "length 65 over 64");
  }

  @Test
  void tooLongAPassphrase() {
    assertThatThrownBy(() -> Passphrase.of("x".repeat(1_025)))
        .hasMessageContaining("1 to 1024 bytes, not 1025");
  }

  /** Under such a key one signature fits every message: nobody may bring one into the mesh. */
  @Test
  void aKeyOfSmallOrderIsNotAdmitted() throws Exception {
    byte[] hello = Bytes.fromHex(ProtocolDocument.vector("hello")).toArray();
    AdmissionMessage.decode(Bytes.copyOf(hello));
    Arrays.fill(hello, NODE_KEY_AT, NODE_KEY_AT + VerifyKey.SIZE, (byte) 0);
    isRefused(Bytes.copyOf(hello), "not a usable Ed25519 key");
    hello[NODE_KEY_AT] = 1;
    isRefused(Bytes.copyOf(hello), "not a usable Ed25519 key");
  }
}
