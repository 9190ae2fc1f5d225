package sh.fazt.mesh.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.schema.Value;

/** A cursor over a query's rows. Columns count from 0. Confined; close it. */
public final class Rows implements AutoCloseable {
  private static final int SQLITE_INTEGER = 1;
  private static final int SQLITE_FLOAT = 2;
  private static final int SQLITE_TEXT = 3;
  private static final int SQLITE_BLOB = 4;
  private static final int SQLITE_NULL = 5;

  private final Database database;
  private final String sql;
  private final PreparedStatement statement;
  private final ResultSet results;
  private boolean broken;

  Rows(Database database, String sql, PreparedStatement statement, ResultSet results) {
    this.database = database;
    this.sql = sql;
    this.statement = statement;
    this.results = results;
  }

  public boolean next() {
    try {
      return results.next();
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /** The value exactly as SQLite holds it. */
  public Value value(int column) {
    try {
      int type = storageClass(column);
      return switch (type) {
        case SQLITE_INTEGER -> Value.of(results.getLong(column + 1));
        case SQLITE_FLOAT -> Value.of(results.getDouble(column + 1));
        case SQLITE_TEXT ->
            new Value.Text(database.encoding().canonical(results.getBytes(column + 1)));
        case SQLITE_BLOB -> new Value.Blob(Bytes.wrap(results.getBytes(column + 1)));
        case SQLITE_NULL -> Value.NULL;
        default -> throw new AssertionError("storage class " + type);
      };
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /** The values of {@code count} columns from {@code from} on, each as {@link #value} has it. */
  List<Value> values(int from, int count) {
    try {
      // Under one lock of the driver's: there it is where most of the time of a long scan goes.
      return ((CoreStatement) statement)
          .pointer.safeRun(
              (db, pointer) -> {
                Value[] values = new Value[count];
                for (int i = 0; i < count; i++) {
                  values[i] = value(db, pointer, from + i);
                }
                return Arrays.asList(values);
              });
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  private Value value(DB db, long pointer, int column) throws SQLException {
    int type = db.column_type(pointer, column);
    return switch (type) {
      case SQLITE_INTEGER -> Value.of(db.column_long(pointer, column));
      case SQLITE_FLOAT -> Value.of(db.column_double(pointer, column));
      case SQLITE_TEXT ->
          new Value.Text(database.encoding().canonical(db.column_blob(pointer, column)));
      case SQLITE_BLOB -> new Value.Blob(Bytes.wrap(db.column_blob(pointer, column)));
      case SQLITE_NULL -> Value.NULL;
      default -> throw new AssertionError("storage class " + type);
    };
  }

  private int storageClass(int column) throws SQLException {
    // JDBC's own type lookup answers with the declared type, not the value's.
    return ((CoreStatement) statement)
        .pointer.safeRunInt((db, pointer) -> db.column_type(pointer, column));
  }

  /** An integer; 0 for NULL. */
  public long integer(int column) {
    try {
      return results.getLong(column + 1);
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  public boolean isNull(int column) {
    return value(column) instanceof Value.Null;
  }

  /** Text, or the text form of another value; empty for NULL. */
  public String text(int column) {
    try {
      String text = results.getString(column + 1);
      return text == null ? "" : text;
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /** A blob; empty for NULL. */
  public Bytes blob(int column) {
    try {
      byte[] bytes = results.getBytes(column + 1);
      return bytes == null ? Bytes.EMPTY : Bytes.wrap(bytes);
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  private MeshException fault(SQLException e) {
    broken = true;
    return database.fault(e);
  }

  @Override
  public void close() {
    if (broken) {
      // After a full disk or an I/O error it would fail for ever.
      StatementCache.discard(statement);
      return;
    }
    try {
      results.close();
      database.statements().giveBack(sql, statement);
    } catch (SQLException e) {
      throw database.fault(e);
    }
  }
}
