package sh.fazt.mesh.fingerprint;

/** Sorts items of four words each, by id and then by digest, in time that nobody can stretch. */
final class StateSort {
  private static final int LONGS = 4;
  private static final int DIGIT_BITS = 16;
  private static final int DIGITS = 1 << DIGIT_BITS;

  private StateSort() {}

  /**
   * The first {@code size} items in order; the array given is used up.
   *
   * <p>A radix sort of the ids: whoever may choose keys can have many ids begin alike, and must not
   * make a sort by comparison slow.
   */
  static long[] sorted(long[] items, int size) {
    long[] from = items;
    long[] to = new long[LONGS * size];
    for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
      int[] places = places(from, size, shift);
      for (int i = 0; i < size; i++) {
        int place = places[digit(from[LONGS * i], shift)]++;
        System.arraycopy(from, LONGS * i, to, LONGS * place, LONGS);
      }
      long[] used = from;
      from = to;
      to = used;
    }
    settleTies(from, size);
    return from;
  }

  private static int digit(long id, int shift) {
    return (int) (id >>> shift) & (DIGITS - 1);
  }

  /** Where the items of each digit begin. */
  private static int[] places(long[] items, int size, int shift) {
    int[] places = new int[DIGITS + 1];
    for (int i = 0; i < size; i++) {
      places[digit(items[LONGS * i], shift) + 1]++;
    }
    for (int digit = 0; digit < DIGITS; digit++) {
      places[digit + 1] += places[digit];
    }
    return places;
  }

  /** Rows with one id of 64 bits are rare, and more than two of them as good as never. */
  private static void settleTies(long[] items, int size) {
    for (int i = 1; i < size; i++) {
      for (int at = i; at > 0 && isAfter(items, at - 1, at); at--) {
        swap(items, at - 1, at);
      }
    }
  }

  private static boolean isAfter(long[] items, int one, int other) {
    if (items[LONGS * one] != items[LONGS * other]) {
      return false;
    }
    for (int word = 1; word < LONGS; word++) {
      int order = Long.compareUnsigned(items[LONGS * one + word], items[LONGS * other + word]);
      if (order != 0) {
        return order > 0;
      }
    }
    return false;
  }

  private static void swap(long[] items, int one, int other) {
    for (int word = 0; word < LONGS; word++) {
      long kept = items[LONGS * one + word];
      items[LONGS * one + word] = items[LONGS * other + word];
      items[LONGS * other + word] = kept;
    }
  }
}
