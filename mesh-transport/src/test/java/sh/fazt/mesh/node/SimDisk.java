package sh.fazt.mesh.node;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;
import org.sqlite.jdbc4.JDBC4Statement;

/**
 * The disk under a simulated node's database, as the node alone finds it: it fills up, its writes
 * fail, and a lock that is taken is not waited for, since time stands still meanwhile. What the
 * node gets to hear are SQLite's own errors, and for a full disk and a taken lock SQLite itself
 * raises them. Confined to the thread of its world.
 */
final class SimDisk {
  /** More pages than any file of a simulated node has. */
  private static final int PAGES_MAX = 1 << 30;

  private final SimTime time;
  private final Runnable waited;
  private final Set<Connection> connections = new HashSet<>();
  private boolean full;
  private int writesUntilFault;
  private int faultsLeft;

  /**
   * @param waited told that the node has waited for a lock, as long as it does, in vain
   */
  SimDisk(SimTime time, Runnable waited) {
    this.time = time;
    this.waited = waited;
  }

  /** From now on the file cannot grow, or can again. */
  void full(boolean on) {
    full = on;
    try {
      for (Connection each : connections) {
        each.limit();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Has writes fail.
   *
   * @param after how many more succeed
   * @param count how many fail then
   */
  void fail(int after, int count) {
    writesUntilFault = after;
    faultsLeft = count;
  }

  /** Nothing is wrong any more. */
  void heal() {
    full(false);
    faultsLeft = 0;
  }

  Connection open(String url, String file, Properties settings) throws SQLException {
    Connection made = new Connection(url, file, settings);
    connections.add(made);
    made.limit();
    return made;
  }

  private static boolean writes(String sql) {
    return sql.startsWith("COMMIT")
        || sql.startsWith("INSERT")
        || sql.startsWith("UPDATE")
        || sql.startsWith("DELETE")
        || sql.startsWith("REPLACE");
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T run(Connection connection, String sql, Work<T> work) throws SQLException {
    if (faultsLeft > 0 && writes(sql) && --writesUntilFault < 0) {
      faultsLeft--;
      time.count("disk errors");
      time.tell("disk error at " + sql.strip().split("\\s", -1)[0]);
      if (sql.startsWith("COMMIT") || time.happens(500)) {
        // As SQLite does where it cannot tell what was written.
        connection.plain("ROLLBACK");
      }
      throw new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR_WRITE);
    }
    try {
      return work.run();
    } catch (SQLiteException e) {
      SQLiteErrorCode code = e.getResultCode();
      if (code == SQLiteErrorCode.SQLITE_FULL) {
        time.count("full disks met");
      } else if (code == SQLiteErrorCode.SQLITE_BUSY) {
        time.count("locks waited for in vain");
        waited.run();
      }
      throw e;
    }
  }

  final class Connection extends JDBC4Connection {
    Connection(String url, String file, Properties settings) throws SQLException {
      super(url, file, settings);
    }

    private void limit() throws SQLException {
      plain("PRAGMA max_page_count = " + (full ? 1 : PAGES_MAX));
    }

    private void plain(String sql) throws SQLException {
      try (JDBC4Statement statement = new JDBC4Statement(this)) {
        statement.execute(sql);
      }
    }

    @Override
    public Statement createStatement(int type, int concurrency, int holdability)
        throws SQLException {
      return new Plain(this);
    }

    @Override
    public PreparedStatement prepareStatement(
        String sql, int type, int concurrency, int holdability) throws SQLException {
      return new Prepared(this, sql);
    }

    @Override
    public void close() throws SQLException {
      connections.remove(this);
      super.close();
    }
  }

  private final class Plain extends JDBC4Statement {
    private final Connection connection;

    Plain(Connection connection) {
      super(connection);
      this.connection = connection;
    }

    @Override
    public boolean execute(String sql) throws SQLException {
      boolean patience = sql.startsWith("PRAGMA busy_timeout");
      String told = patience ? "PRAGMA busy_timeout = 0" : sql;
      return SimDisk.this.run(connection, told, () -> super.execute(told));
    }
  }

  private final class Prepared extends JDBC4PreparedStatement {
    private final Connection connection;
    private final String text;

    Prepared(Connection connection, String sql) throws SQLException {
      super(connection, sql);
      this.connection = connection;
      this.text = sql;
    }

    @Override
    public int executeUpdate() throws SQLException {
      return SimDisk.this.run(connection, text, super::executeUpdate);
    }
  }
}
