package sh.fazt.mesh;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An application like any other: a plain connection that knows nothing of the mesh. */
public final class PlainSql implements AutoCloseable {
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
    List<String> columns = new ArrayList<>();
    for (String name : column("SELECT name FROM pragma_table_info('" + table + "')")) {
      columns.add("typeof(\"%1$s\") || ':' || quote(CAST(\"%1$s\" AS BLOB))".formatted(name));
    }
    String sql = "SELECT " + String.join(", ", columns) + " FROM \"" + table + "\"";
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (results.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          row.add(results.getString(i));
        }
        rows.add(String.join("|", row));
      }
      Collections.sort(rows);
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of a query. */
  List<String> column(String sql) {
    return column(1, sql);
  }

  /** One column of a query, counted from 1. */
  List<String> column(int place, String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (results.next()) {
        values.add(String.valueOf(results.getString(place)));
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
