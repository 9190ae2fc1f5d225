package sh.fazt.mesh.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The statements of one connection that are compiled and at rest. Confined. */
final class StatementCache {
  private static final int STATEMENTS_MAX = 200;

  private final Connection connection;
  private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();

  StatementCache(Connection connection) {
    this.connection = connection;
  }

  /** A statement for one use, to be given back or closed. */
  PreparedStatement take(String sql) throws SQLException {
    PreparedStatement statement = idle.remove(sql);
    return statement != null ? statement : connection.prepareStatement(sql);
  }

  /**
   * Takes a statement back; beyond {@value #STATEMENTS_MAX} the one that rests longest is closed.
   *
   * @param sql under which it is kept; empty to close it
   */
  void giveBack(String sql, PreparedStatement statement) throws SQLException {
    if (sql.isEmpty()) {
      statement.close();
      return;
    }
    PreparedStatement former = idle.put(sql, statement);
    if (former != null) {
      former.close();
    }
    if (idle.size() > STATEMENTS_MAX) {
      String eldest = idle.keySet().iterator().next();
      PreparedStatement evicted = idle.remove(eldest);
      if (evicted != null) {
        evicted.close();
      }
    }
  }

  /** Closes all, whatever each says to it. */
  void forget() {
    idle.values().forEach(StatementCache::discard);
    idle.clear();
  }

  static void discard(PreparedStatement statement) {
    try {
      statement.close();
    } catch (SQLException e) {
      // Justification: SQLite repeats what the last run failed with; it is closed all the same.
      return;
    }
  }
}
