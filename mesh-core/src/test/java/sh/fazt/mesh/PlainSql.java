package sh.fazt.mesh;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** An application like any other: a plain connection that knows nothing of the mesh. */
final class PlainSql implements AutoCloseable {
  private final Connection connection;

  PlainSql(Path file) {
    try {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      run("PRAGMA busy_timeout = 5000", "PRAGMA foreign_keys = ON");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void run(String... statements) {
    for (String sql : statements) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }
  }

  /** Rows as text, columns joined by a bar, with the storage class of every value. */
  List<String> exact(String table) {
    StringBuilder columns = new StringBuilder();
    for (String name : column("SELECT name FROM pragma_table_info('" + table + "')")) {
      columns
          .append(columns.length() == 0 ? "" : " || '|' || ")
          .append("typeof(\"%1$s\") || ':' || quote(CAST(\"%1$s\" AS BLOB))".formatted(name));
    }
    return column("SELECT " + columns + " AS r FROM \"" + table + "\" ORDER BY r");
  }

  /** The first column of a query. */
  List<String> column(String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (results.next()) {
        values.add(String.valueOf(results.getString(1)));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  String one(String sql) {
    List<String> values = column(sql);
    return values.isEmpty() ? "" : values.get(0);
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
