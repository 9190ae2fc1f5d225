package sh.fazt.mesh.schema;

import java.util.Arrays;
import java.util.Locale;
import sh.fazt.mesh.bytes.Bytes;

/**
 * Brings the values that SQLite takes for one and the same key to one form: the key's identity. How
 * a row spells its key is a value of the row like any other.
 */
final class KeyFold {
  private static final double INT_LIMIT = 0x1p63;

  private KeyFold() {}

  static Value fold(Value value, String collation) {
    if (value instanceof Value.Real real) {
      return folded(real);
    } else if (value instanceof Value.Text text) {
      return switch (collation.toUpperCase(Locale.ROOT)) {
        case "NOCASE" -> new Value.Text(lowered(text.utf8()));
        case "RTRIM" -> new Value.Text(trimmed(text.utf8()));
        default -> value;
      };
    }
    return value;
  }

  private static Value folded(Value.Real real) {
    double number = real.value();
    boolean whole = Math.rint(number) == number && Math.abs(number) < INT_LIMIT;
    return whole ? Value.of((long) number) : real;
  }

  /** Without the case of ASCII letters, and without what is behind a NUL, where NOCASE stops. */
  private static Bytes lowered(Bytes utf8) {
    byte[] folded = new byte[utf8.size()];
    boolean ended = false;
    boolean same = true;
    for (int i = 0; i < folded.length; i++) {
      int next = utf8.at(i);
      int lower = next >= 'A' && next <= 'Z' ? next + 32 : next;
      folded[i] = (byte) (ended ? 0 : lower);
      same &= folded[i] == (byte) next;
      ended |= next == 0;
    }
    return same ? utf8 : Bytes.wrap(folded);
  }

  private static Bytes trimmed(Bytes utf8) {
    int end = utf8.size();
    while (end > 0 && utf8.at(end - 1) == ' ') {
      end--;
    }
    return end == utf8.size() ? utf8 : Bytes.wrap(Arrays.copyOf(utf8.unsafeArray(), end));
  }
}
