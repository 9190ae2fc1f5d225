package sh.fazt.mesh.sim;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A plain program at a database: what it writes, and all that it is told. */
final class Client implements AutoCloseable {
  private final Connection connection;

  Client(Path file) {
    try {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      tell("PRAGMA busy_timeout = 5000");
      tell("PRAGMA foreign_keys = ON");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Everything a program learns of a statement: its rows or its error, and its effect. After an
   * INSERT that failed SQLite says of the last rowid what any trigger makes of it, until the next
   * that succeeds.
   */
  String tell(String sql) {
    try (Statement statement = connection.createStatement()) {
      String rows = statement.execute(sql) ? rows(statement.getResultSet()).toString() : "done";
      boolean inserted =
          sql.startsWith("INSERT")
              && !sql.contains("ON CONFLICT")
              && !all("SELECT changes()").contains("0");
      return rows + all(inserted ? "SELECT changes(), last_insert_rowid()" : "SELECT changes()");
    } catch (SQLException e) {
      return e.getErrorCode() + " " + e.getMessage();
    }
  }

  List<String> all(String sql) {
    try (Statement statement = connection.createStatement()) {
      return rows(statement.executeQuery(sql));
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static List<String> rows(ResultSet results) throws SQLException {
    List<String> rows = new ArrayList<>();
    int columns = results.getMetaData().getColumnCount();
    while (results.next()) {
      StringBuilder row = new StringBuilder();
      for (int i = 1; i <= columns; i++) {
        row.append(i > 1 ? "|" : "").append(results.getString(i));
      }
      rows.add(row.toString());
    }
    return rows;
  }

  boolean isInTransaction() {
    boolean outside = tell("BEGIN").startsWith("done");
    if (outside) {
      tell("ROLLBACK");
    }
    return !outside;
  }

  /** Each row, exactly, under the literals of its key; rows with a NULL in the key are left out. */
  Map<String, String> rows(Shape shape, String table) {
    List<String> keys = shape.keys().get(table);
    String key = keys.stream().map(Client::literal).collect(Collectors.joining("||char(31)||"));
    String row =
        shape.tables().get(table).keySet().stream()
            .map(c -> "typeof(%s)||quote(CAST(%s AS BLOB))".formatted(c, c))
            .collect(Collectors.joining("||','||"));
    String named = keys.stream().map(k -> k + " IS NOT NULL").collect(Collectors.joining(" AND "));
    Map<String, String> rows = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet results =
            statement.executeQuery(
                "SELECT " + key + ", " + row + " FROM " + table + " WHERE " + named)) {
      while (results.next()) {
        rows.put(results.getString(1), results.getString(2));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(table, e);
    }
    return rows;
  }

  /** SQL for a value's literal, exact whatever bytes the value holds. */
  private static String literal(String column) {
    return "iif(typeof(%1$s) = 'text', '+CAST(' || quote(CAST(%1$s AS BLOB)) || ' AS TEXT)', quote(%1$s))"
        .formatted(column);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
