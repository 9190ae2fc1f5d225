package sh.fazt.mesh.fingerprint;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import sh.fazt.mesh.bytes.Hash;

/** Ids with digests, four words each, one after the other in one array that grows. Confined. */
final class StateParts {
  /** Words of an item: its id, and three of its digest. */
  static final int LONGS = 4;

  private static final int CAPACITY_MIN = 1_024;

  private long[] items;
  private int size;

  StateParts() {
    this(new long[LONGS * CAPACITY_MIN], 0);
  }

  private StateParts(long[] items, int size) {
    this.items = items;
    this.size = size;
  }

  static long word(byte[] bytes, int from) {
    long word = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      word = word << 8 | (bytes[from + i] & 0xff);
    }
    return word;
  }

  int size() {
    return size;
  }

  /** The array; what lies behind the last item means nothing. */
  long[] items() {
    return items;
  }

  void add(byte[] key, byte[] digest) {
    room();
    int at = LONGS * size;
    items[at] = word(key, 0);
    set(at, digest);
    size++;
  }

  private void room() {
    if (LONGS * (size + 1) > items.length) {
      items = Arrays.copyOf(items, items.length + LONGS * (size / 2 + 1));
    }
  }

  private void set(int at, byte[] digest) {
    for (int i = 1; i < LONGS; i++) {
      items[at + i] = word(digest, Long.BYTES * (i - 1));
    }
  }

  /** The same in order; this must not be used any more. */
  StateParts sorted() {
    return new StateParts(StateSort.sorted(items, size), size);
  }

  /**
   * One item for each id: its digest is the hash of all digests that either side has under the id,
   * a count before each side's. Mostly these are one and one, or one and none.
   */
  static StateParts joined(StateParts merged, StateParts shown) {
    StateParts joined = new StateParts(new long[LONGS * Math.max(merged.size, shown.size)], 0);
    MessageDigest sha256 = Hash.sha256();
    int one = 0;
    int other = 0;
    while (one < merged.size || other < shown.size) {
      long id = least(merged, one, shown, other);
      int oneEnd = merged.endOf(id, one);
      int otherEnd = shown.endOf(id, other);
      merged.update(sha256, one, oneEnd);
      shown.update(sha256, other, otherEnd);
      joined.room();
      joined.items[LONGS * joined.size] = id;
      joined.set(LONGS * joined.size, sha256.digest());
      joined.size++;
      one = oneEnd;
      other = otherEnd;
    }
    return joined;
  }

  private static long least(StateParts merged, int one, StateParts shown, int other) {
    if (one == merged.size || other == shown.size) {
      return one == merged.size ? shown.id(other) : merged.id(one);
    }
    boolean first = Long.compareUnsigned(merged.id(one), shown.id(other)) <= 0;
    return first ? merged.id(one) : shown.id(other);
  }

  private long id(int place) {
    return items[LONGS * place];
  }

  /** The place behind the last item with that id, of those from {@code from} on. */
  private int endOf(long id, int from) {
    int end = from;
    while (end < size && id(end) == id) {
      end++;
    }
    return end;
  }

  /** A count (u64), then the digests. */
  private void update(MessageDigest sha256, int from, int to) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * (1 + (LONGS - 1) * (to - from)));
    bytes.putLong((long) to - from);
    for (int i = from; i < to; i++) {
      for (int word = 1; word < LONGS; word++) {
        bytes.putLong(items[LONGS * i + word]);
      }
    }
    sha256.update(bytes.flip());
  }
}
