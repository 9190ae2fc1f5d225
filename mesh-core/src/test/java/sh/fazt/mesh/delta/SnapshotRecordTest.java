package sh.fazt.mesh.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

class SnapshotRecordTest {
  private static final SnapshotRecord.Start START =
      new SnapshotRecord.Start(List.of(), Map.of(), Map.of(), Map.of(), List.of());

  private static SnapshotRecord read(ByteWriter record) throws MalformedException {
    return new SnapshotRecord.Reader().read(new ByteReader(record.toBytes()));
  }

  private static ByteWriter written(SnapshotRecord record) {
    ByteWriter out = new ByteWriter();
    new SnapshotRecord.Writer().write(out, record);
    return out;
  }

  private static void refused(ByteWriter record) {
    assertThatThrownBy(() -> read(record)).isInstanceOf(MalformedException.class);
  }

  @Test
  void recordsAreReadAsTheyWereWritten() throws MalformedException {
    SnapshotRecord.Table table = new SnapshotRecord.Table("t", 1, List.of("id", "v"));
    assertThat(read(written(table))).isEqualTo(table);
    assertThat(read(written(START))).isEqualTo(START);
  }

  @Test
  void whatIsNoRecordIsRefused() {
    refused(new ByteWriter().u8(0));
    refused(new ByteWriter().u8(4));
    refused(new ByteWriter().u8(3).raw(Bytes.EMPTY));
    refused(written(new SnapshotRecord.Table("t", 0, List.of("v"))));
  }

  @Test
  void tooManyOfAnythingTakeNoMemory() {
    int many = SnapshotRecord.COUNT_MAX + 1;
    refused(new ByteWriter().u8(1).varint(0).varint(0).varint(0).varint(0).varint(many));
    refused(new ByteWriter().u8(2).text("t").varint(1).varint(many));
    refused(new ByteWriter().u8(1).varint(Summary.SITES_MAX + 1L));
  }
}
