package sh.fazt.mesh.delta;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.wire.WireLimits;

/**
 * The records of a snapshot, put together again from pieces that were cut anywhere. Each byte is
 * copied twice, however many pieces a record comes in, and no memory is taken for what has not
 * come. Confined.
 */
public final class SnapshotJoiner {
  /** Bytes of a record: a row's key with one value of the largest size, and what is around them. */
  public static final int RECORD_BYTES_MAX = WireLimits.BATCH_BYTES_MAX;

  /** Bytes of the length that each record stands behind. */
  public static final int LENGTH_BYTES = 4;

  private final List<Bytes> parts = new ArrayList<>();
  private boolean inRecord;
  private int wanted = LENGTH_BYTES;

  /**
   * Takes the next piece.
   *
   * @return the records that end in it
   * @throws MalformedException if one is longer than may be
   */
  public List<Bytes> add(Bytes piece) throws MalformedException {
    List<Bytes> records = new ArrayList<>();
    int at = 0;
    while (at < piece.size()) {
      int end = Math.min(piece.size(), at + wanted);
      parts.add(piece.slice(at, end));
      wanted -= end - at;
      at = end;
      if (wanted == 0) {
        next(records);
      }
    }
    return records;
  }

  private void next(List<Bytes> records) throws MalformedException {
    Bytes whole = Bytes.concat(parts.toArray(Bytes[]::new));
    parts.clear();
    inRecord = !inRecord;
    if (!inRecord) {
      wanted = LENGTH_BYTES;
      records.add(whole);
      return;
    }
    long size = new ByteReader(whole).u32();
    if (size == 0 || size > RECORD_BYTES_MAX) {
      throw new MalformedException("a record of " + size + " bytes");
    }
    wanted = (int) size;
  }

  /** Whether the last record has not come whole. */
  public boolean isOpen() {
    return inRecord || wanted < LENGTH_BYTES;
  }
}
