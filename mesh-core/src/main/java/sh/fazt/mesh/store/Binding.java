package sh.fazt.mesh.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import sh.fazt.mesh.schema.TextEncoding;
import sh.fazt.mesh.schema.Value;

/** Values to statement parameters. */
final class Binding {
  private static final int LARGE_BYTES = 64 << 10;

  private Binding() {}

  static void bind(PreparedStatement statement, TextEncoding encoding, Value... arguments)
      throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      bind(statement, encoding, i + 1, arguments[i]);
    }
  }

  private static void bind(PreparedStatement statement, TextEncoding encoding, int at, Value value)
      throws SQLException {
    if (value instanceof Value.Int number) {
      statement.setLong(at, number.value());
    } else if (value instanceof Value.Text text) {
      if (isPlain(value)) {
        statement.setString(at, text.utf8().asUtf8());
      } else {
        statement.setBytes(at, encoding.stored(text.utf8()));
      }
    } else if (value instanceof Value.Blob blob) {
      statement.setBytes(at, blob.value().unsafeArray());
    } else if (value instanceof Value.Real real) {
      statement.setDouble(at, Double.longBitsToDouble(real.bits()));
    } else if (value instanceof Value.Null) {
      statement.setNull(at, Types.NULL);
    } else {
      throw new AssertionError("unhandled " + value);
    }
  }

  /** Whether a statement that was given these would hold much memory for as long as it is kept. */
  static boolean isLarge(Value... arguments) {
    for (Value argument : arguments) {
      if (argument.bytes() > LARGE_BYTES) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a Java string carries the value's text unharmed: well-formed, and without NUL. A large
   * one would take several times its bytes.
   */
  static boolean isPlain(Value value) {
    if (!(value instanceof Value.Text text)) {
      return true;
    }
    if (text.utf8().size() > LARGE_BYTES) {
      return false;
    }
    for (int i = 0; i < text.utf8().size(); i++) {
      if (text.utf8().at(i) == 0) {
        return false;
      }
    }
    return text.isWellFormed();
  }
}
