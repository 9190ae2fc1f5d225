package sh.fazt.mesh.schema;

/** Values as SQL and people write them. */
public final class SqlText {
  private SqlText() {}

  /** As SQL writes it, so that it can be put back: {@code 'light'}, {@code 7}, {@code x'00ff'}. */
  public static String literal(Value value) {
    if (value instanceof Value.Text text) {
      return "'" + text.utf8().asUtf8().replace("'", "''") + "'";
    } else if (value instanceof Value.Int number) {
      return String.valueOf(number.value());
    } else if (value instanceof Value.Real real) {
      return real(real.value());
    } else if (value instanceof Value.Blob blob) {
      return "x'" + blob.value().hex() + "'";
    } else if (value instanceof Value.Null) {
      return "NULL";
    }
    throw new AssertionError("unhandled " + value);
  }

  /** A text itself, without quotes; anything else as a literal. */
  public static String plain(Value value) {
    return value instanceof Value.Text text ? text.utf8().asUtf8() : literal(value);
  }

  private static String real(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "9e999" : "-9e999";
    }
    return String.valueOf(value);
  }

  /** A word as a shell takes it. */
  public static String shell(String word) {
    return word.matches("[A-Za-z0-9_./:@%+=,~-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
