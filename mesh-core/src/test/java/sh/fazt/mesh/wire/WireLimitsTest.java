package sh.fazt.mesh.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.ProtocolDocument;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.schema.Value;

/** Each limit of a batch, crossed by one. */
final class WireLimitsTest {
  private static final String VECTOR = ProtocolDocument.vector("batch");

  /** The vector up to the count of its sites. */
  private static final Bytes BEFORE_SITES = before("018139770e");

  /** The vector up to the count of its tables. */
  private static final Bytes BEFORE_TABLES = before("02066170705f6b76");

  private static Bytes before(String hex) {
    return Bytes.fromHex(VECTOR.substring(0, VECTOR.indexOf(hex)));
  }

  private static void isRefused(ByteWriter bytes, String why) {
    assertThatThrownBy(() -> BatchDecoder.decode(new ByteReader(bytes.toBytes())))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  private static ByteWriter from(Bytes start) {
    return new ByteWriter().raw(start);
  }

  private static ByteWriter table() {
    return from(BEFORE_TABLES).varint(1).text("t");
  }

  @Test
  void tooManySites() {
    isRefused(from(BEFORE_SITES).varint(WireLimits.SITES_MAX + 1L), "sites 10001 over 10000");
    isRefused(
        from(BEFORE_SITES).varint(0).varint(WireLimits.SITES_MAX + 1L),
        "causal context 10001 over 10000");
  }

  @Test
  void tooManyTables() {
    isRefused(from(BEFORE_TABLES).varint(WireLimits.TABLES_MAX + 1L), "tables 10001 over 10000");
  }

  @Test
  void tooManyColumns() {
    isRefused(table().varint(WireLimits.COLUMNS_MAX + 1L), "key columns 2001 over 2000");
    isRefused(table().varint(1).varint(WireLimits.COLUMNS_MAX + 1L), "columns 2001 over 2000");
  }

  @Test
  void tooManyChanges() {
    isRefused(
        table().varint(1).varint(0).varint(WireLimits.CHANGES_MAX + 1L),
        "changes 100001 over 100000");
  }

  @Test
  void tooLongNames() {
    String name = "x".repeat(WireLimits.NAME_BYTES_MAX + 1);
    isRefused(from(BEFORE_TABLES).varint(1).text(name), "length 1025 over 1024");
    isRefused(table().varint(1).varint(1).text(name), "length 1025 over 1024");
  }

  @Test
  void tooLongAValue() {
    for (int tag : new int[] {3, 4}) {
      ByteWriter value = new ByteWriter().u8(tag).varint(Value.BYTES_MAX + 1L);
      assertThatThrownBy(() -> Value.readFrom(new ByteReader(value.toBytes())))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("length 67108865 over 67108864");
    }
  }

  @Test
  void tooLongABatch() {
    int limit = WireLimits.BATCH_BYTES_MAX - SigningKey.SIGNATURE_SIZE;
    Bytes content = Bytes.wrap(Arrays.copyOf(BEFORE_TABLES.toArray(), limit + 1));
    assertThatThrownBy(() -> BatchDecoder.decode(new ByteReader(content)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("batch of " + (limit + 1) + " bytes");
  }

  @Test
  void tooLongAnEnvelope() {
    Bytes envelope = Bytes.wrap(new byte[WireLimits.ENVELOPE_BYTES_MAX + 1]);
    assertThatThrownBy(() -> BatchSeal.verify(envelope))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("compressed bytes");
  }
}
