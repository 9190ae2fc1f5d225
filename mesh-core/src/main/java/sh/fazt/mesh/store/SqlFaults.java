package sh.fazt.mesh.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** What SQLite complains of, in words for people. */
final class SqlFaults {
  private static final int PRIMARY_CODE_MASK = 0xff;

  private SqlFaults() {}

  private static final Set<Integer> REFUSALS =
      Set.of(
          SQLiteErrorCode.SQLITE_CONSTRAINT.code,
          SQLiteErrorCode.SQLITE_MISMATCH.code,
          SQLiteErrorCode.SQLITE_TOOBIG.code,
          SQLiteErrorCode.SQLITE_ERROR.code);

  /**
   * Whether the table refused the row: by UNIQUE, NOT NULL, CHECK or a STRICT type, as no fit for
   * an integer key, or because an expression of an index or a generated column fails on it.
   */
  static boolean isRefusal(SQLException e) {
    return e instanceof SQLiteException fault && REFUSALS.contains(primary(fault));
  }

  private static int primary(SQLiteException e) {
    return e.getResultCode().code & PRIMARY_CODE_MASK;
  }

  /** SQLite's message without the driver's ornament. */
  static String complaint(SQLException e) {
    String message = String.valueOf(e.getMessage());
    int open = message.lastIndexOf('(');
    return open >= 0 && message.endsWith(")")
        ? message.substring(open + 1, message.length() - 1)
        : message;
  }

  static MeshException translate(Path file, SQLException e) {
    int code = e instanceof SQLiteException fault ? primary(fault) : 0;
    if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return fault(
          ErrorCode.DATABASE_BUSY,
          file + " is locked by another program",
          "fuser -v " + shell(file),
          e);
    } else if (code == SQLiteErrorCode.SQLITE_NOTADB.code) {
      return fault(
          ErrorCode.NOT_A_DATABASE, file + " is not a SQLite database", "file " + shell(file), e);
    } else if (code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
      return fault(
          ErrorCode.DATABASE_CORRUPT,
          file + " is damaged: " + complaint(e),
          "sqlite3 " + shell(file) + " .recover",
          e);
    } else if (code == SQLiteErrorCode.SQLITE_FULL.code) {
      return fault(
          ErrorCode.DISK_FULL,
          "the disk that holds " + file + " is full",
          "df -h " + shell(file),
          e);
    } else if (code == SQLiteErrorCode.SQLITE_READONLY.code) {
      return fault(ErrorCode.FAILURE, file + " cannot be written to", "ls -l " + shell(file), e);
    } else if (code == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
      return fault(ErrorCode.NO_DATABASE, "cannot open " + file, "ls -l " + shell(file), e);
    }
    boolean refused = code == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
    return fault(
        refused ? ErrorCode.VALUE_REFUSED : ErrorCode.FAILURE, file + ": " + complaint(e), null, e);
  }

  /** The name as a shell takes it. */
  private static String shell(Path file) {
    String name = file.toString();
    return name.matches("[\\w./+@%,:-]+") ? name : "'" + name.replace("'", "'\\''") + "'";
  }

  private static MeshException fault(
      ErrorCode code, String message, @Nullable String remedy, SQLException cause) {
    return new MeshException(code, message, remedy, cause);
  }
}
