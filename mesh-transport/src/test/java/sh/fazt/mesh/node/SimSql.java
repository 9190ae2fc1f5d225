package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.sqlite.Function;

/** A plain connection to a database, opened when it is needed, with the clock of its machine. */
final class SimSql {
  private final Path file;
  private final LongSupplier wallMillis;
  private Optional<Connection> connection = Optional.empty();

  SimSql(Path file, LongSupplier wallMillis) {
    this.file = file;
    this.wallMillis = wallMillis;
  }

  private Connection connection() throws SQLException {
    if (connection.isEmpty()) {
      Connection made = SimDriver.plain(file);
      Function.create(made, "julianday", new SimulatedClock());
      connection = Optional.of(made);
    }
    return connection.get();
  }

  /** In place of SQLite's own, of which the machine's clock would be asked. */
  private final class SimulatedClock extends Function {
    @Override
    protected void xFunc() throws SQLException {
      result(wallMillis.getAsLong() / 86_400_000.0 + 2440587.5);
    }
  }

  /** One column of a query, as text. */
  List<String> column(String sql, Object... values) {
    try (PreparedStatement statement = connection().prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      List<String> rows = new ArrayList<>();
      try (ResultSet results = statement.executeQuery()) {
        while (results.next()) {
          rows.add(String.valueOf(results.getString(1)));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  void run(String sql) {
    try (Statement statement = connection().createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Runs a change and returns how many rows it changed. */
  int change(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection().prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  void close() {
    try {
      if (connection.isPresent()) {
        connection.get().close();
      }
      connection = Optional.empty();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
