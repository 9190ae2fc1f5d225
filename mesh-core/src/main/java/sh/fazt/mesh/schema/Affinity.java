package sh.fazt.mesh.schema;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a column's declared type does to the values that are stored in it.
 *
 * <p>SQLite, "Datatypes In SQLite", §3.
 */
public enum Affinity {
  INTEGER,
  TEXT,
  BLOB,
  REAL,
  NUMERIC;

  private static final Pattern NUMBER =
      Pattern.compile(
          "[ \\t-\\r]*+[+-]?+(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+[ \\t-\\r]*+");

  static Affinity of(String declaredType) {
    String type = declaredType.toUpperCase(Locale.ROOT);
    if (type.contains("INT")) {
      return INTEGER;
    } else if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
      return TEXT;
    } else if (type.isEmpty() || type.contains("BLOB")) {
      return BLOB;
    }
    return type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB") ? REAL : NUMERIC;
  }

  /** Whether a column of this affinity may store {@code value} as another one. */
  public boolean mayBend(Value value) {
    boolean number = value instanceof Value.Int || value instanceof Value.Real;
    return switch (this) {
      case BLOB -> false;
      case TEXT -> number;
      case REAL -> value instanceof Value.Int || isNumber(value) || isNegativeZero(value);
      case INTEGER, NUMERIC -> isNumber(value) || isWhole(value);
    };
  }

  private static boolean isNumber(Value value) {
    return value instanceof Value.Text text && NUMBER.matcher(upToNul(text)).matches();
  }

  /** What SQLite reads of a text when it looks for a number. */
  private static String upToNul(Value.Text text) {
    String whole = text.utf8().asUtf8();
    int end = whole.indexOf(0);
    return end < 0 ? whole : whole.substring(0, end);
  }

  private static boolean isNegativeZero(Value value) {
    return value instanceof Value.Real real && real.bits() == Long.MIN_VALUE;
  }

  private static boolean isWhole(Value value) {
    return value instanceof Value.Real real && Math.rint(real.value()) == real.value();
  }
}
