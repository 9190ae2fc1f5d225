package sh.fazt.mesh.store;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.schema.Value;

/** Values to statement parameters. */
final class Binding {
  private Binding() {}

  static void bind(PreparedStatement statement, Value... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      bind(statement, i + 1, arguments[i]);
    }
  }

  private static void bind(PreparedStatement statement, int at, Value value) throws SQLException {
    if (value instanceof Value.Int number) {
      statement.setLong(at, number.value());
    } else if (value instanceof Value.Text text) {
      if (isPlain(value)) {
        statement.setString(at, text.utf8().asUtf8());
      } else {
        statement.setBytes(at, text.utf8().unsafeArray());
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

  /** Whether a Java string carries the value's text unharmed: well-formed, and without NUL. */
  static boolean isPlain(Value value) {
    if (!(value instanceof Value.Text text)) {
      return true;
    }
    Bytes utf8 = text.utf8();
    boolean ascii = true;
    for (int i = 0; i < utf8.size(); i++) {
      int next = utf8.at(i);
      if (next == 0) {
        return false;
      }
      ascii &= next < 0x80;
    }
    return ascii || isWellFormed(utf8);
  }

  private static boolean isWellFormed(Bytes utf8) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(utf8.asBuffer());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
