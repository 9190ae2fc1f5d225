package sh.fazt.mesh.fingerprint;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;

/*
 * Items lie one after the other in one array, ascending by id and, among equal ids, by digest: the
 * same set gives the same array, whatever order it was collected in. A range of at most 16 items, or
 * of one id, has as its hash that of a zero byte and its items; a larger one that of a one byte and
 * the hashes of its sixteen parts. No sum and no XOR of hashes is taken: whoever may choose many rows
 * could bring either to any value (Bellare and Micciancio, "A New Paradigm for Collision-free
 * Hashing", 1997, §4 and the XOR of §A; Wagner, "A Generalized Birthday Problem", 2002).
 */
/**
 * All rows of a state, each in brief, with a fingerprint for every range of ids. Immutable; 32
 * bytes a row.
 *
 * <p>Meyer, "Range-Based Set Reconciliation", 2023, §3, over ids that are hashes: there the order
 * of keys is the same on every node, whatever its database takes for the order of text.
 */
public final class StateSet {
  private static final int LONGS = StateParts.LONGS;
  private static final int REMEMBERED_ROWS = 1_024;

  private final long[] items;
  private final int size;
  private final Map<Prefix, Hash> remembered;
  private final Hash root;

  private StateSet(long[] sorted, int size) {
    this.items = sorted;
    this.size = size;
    this.remembered = new HashMap<>();
    this.root = hash(Prefix.ALL, 0, size, remembered::put);
  }

  /**
   * Collects in any order, of each row what is merged and what is shown, if it is: two digests that
   * one item is made of. Confined.
   */
  public static final class Builder {
    private final StateParts merged = new StateParts();
    private final StateParts shown = new StateParts();

    /** How many rows there are so far, or fewer. */
    public int size() {
      return Math.max(merged.size(), shown.size());
    }

    /**
     * @param key the SHA-256 of a row's table and key, of which 8 bytes count
     * @param content the SHA-256 of its merged state, of which 24 bytes count
     */
    public void addMerged(byte[] key, byte[] content) {
      merged.add(key, content);
    }

    /**
     * @param key the SHA-256 of a row's table and key, of which 8 bytes count
     * @param content the SHA-256 of its key and the values shown, of which 24 bytes count
     */
    public void addShown(byte[] key, byte[] content) {
      shown.add(key, content);
    }

    /** The set; this must not be used any more. */
    public StateSet build() {
      StateParts items = StateParts.joined(merged.sorted(), shown.sorted());
      return new StateSet(items.items(), items.size());
    }
  }

  /** The id of the row whose table and key have that SHA-256. */
  public static long id(byte[] key) {
    return StateParts.word(key, 0);
  }

  public int size() {
    return size;
  }

  /** The fingerprint of all. */
  public Fingerprint root() {
    return new Fingerprint(size, root);
  }

  /** The fingerprint of a range. */
  public Fingerprint fingerprint(Prefix prefix) {
    int from = from(prefix);
    int to = to(prefix);
    Hash known = remembered.get(prefix);
    return new Fingerprint(
        to - from, known == null ? hash(prefix, from, to, (part, hash) -> {}) : known);
  }

  /** The items of a range, ascending, at most so many. */
  public List<StateItem> items(Prefix prefix, int limit) {
    List<StateItem> found = new ArrayList<>();
    int to = to(prefix);
    for (int i = from(prefix); i < to && found.size() < limit; i++) {
      ByteWriter digest = new ByteWriter(StateItem.DIGEST_BYTES);
      for (int word = 1; word < LONGS; word++) {
        digest.u64(items[LONGS * i + word]);
      }
      found.add(new StateItem(items[LONGS * i], digest.toBytes()));
    }
    return found;
  }

  /**
   * What a peer is told of a range: its items if they are few, else the fingerprints of its parts.
   */
  public StateRange range(Prefix prefix) {
    if (isLeaf(prefix, to(prefix) - from(prefix))) {
      return new StateRange.Items(items(prefix, StateLimits.LEAF_ROWS_MAX));
    }
    List<Fingerprint> parts = new ArrayList<>();
    for (int digit = 0; digit < Prefix.CHILDREN; digit++) {
      parts.add(fingerprint(prefix.child(digit)));
    }
    return new StateRange.Parts(parts);
  }

  private static boolean isLeaf(Prefix prefix, int rows) {
    return rows <= StateLimits.LEAF_ROWS_MAX || prefix.digits() == Prefix.DIGITS_MAX;
  }

  /**
   * @param large told the hash of each large range on the way
   */
  private Hash hash(Prefix prefix, int from, int to, BiConsumer<Prefix, Hash> large) {
    MessageDigest sha256 = Hash.sha256();
    if (isLeaf(prefix, to - from)) {
      sha256.update((byte) 0);
      ByteWriter out = new ByteWriter((to - from) * LONGS * Long.BYTES + 1);
      for (int i = LONGS * from; i < LONGS * to; i++) {
        out.u64(items[i]);
      }
      sha256.update(out.unsafeBuffer(), 0, out.size());
    } else {
      sha256.update((byte) 1);
      int start = from;
      for (int digit = 0; digit < Prefix.CHILDREN; digit++) {
        Prefix part = prefix.child(digit);
        int end = digit == Prefix.CHILDREN - 1 ? to : above(part.last(), start, to);
        sha256.update(hash(part, start, end, large).value().toArray());
        start = end;
      }
    }
    Hash hash = new Hash(Bytes.wrap(sha256.digest()));
    if (to - from > REMEMBERED_ROWS) {
      large.accept(prefix, hash);
    }
    return hash;
  }

  private int from(Prefix prefix) {
    return prefix.bits() == 0 ? 0 : above(prefix.bits() - 1, 0, size);
  }

  private int to(Prefix prefix) {
    return above(prefix.last(), 0, size);
  }

  /** The place of the first item whose id is higher than that, between two places. */
  private int above(long id, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(items[LONGS * middle], id) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
