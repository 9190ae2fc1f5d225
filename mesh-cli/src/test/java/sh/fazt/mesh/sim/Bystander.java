package sh.fazt.mesh.sim;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A program with the busy timeout that the README advises, 5 s, that writes a row every now and
 * then, on a thread of its own, and notes how long each took.
 */
final class Bystander implements AutoCloseable {
  static final String TABLE = "CREATE TABLE beside (id TEXT PRIMARY KEY, n)";
  private static final long PAUSE_NANOS = 20_000_000;

  private final String url;
  private final String name;
  private final Thread thread = new Thread(this::work);
  private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
  private final List<String> refusals = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean stopped;

  /** Begins to write rows whose keys start with {@code name}. */
  Bystander(CrashNode node, String name) {
    this.url = "jdbc:sqlite:" + node.path();
    this.name = name;
    thread.start();
  }

  private void work() {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute("PRAGMA synchronous = NORMAL");
      for (int i = 0; !stopped; i++) {
        long start = System.nanoTime();
        try {
          statement.execute("INSERT INTO beside VALUES ('" + name + i + "', " + i + ")");
          nanos.add(System.nanoTime() - start);
        } catch (SQLException e) {
          refusals.add(name + i + ": " + e.getMessage());
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (SQLException e) {
      refusals.add(name + ": " + e.getMessage());
    }
  }

  /** How many rows it has written. */
  int writes() {
    return nanos.size();
  }

  /** What it was told besides that all is well. */
  List<String> refusals() {
    return List.copyOf(refusals);
  }

  /** How long its writes took. */
  String times() {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    int size = sorted.size();
    return size == 0
        ? "nothing written"
        : String.format(
            "%d writes beside, p50 %.1f ms, p99 %.1f ms, at most %.1f ms",
            size,
            sorted.get(size / 2) / 1e6,
            sorted.get((int) (size * 0.99)) / 1e6,
            sorted.get(size - 1) / 1e6);
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    thread.join();
  }
}
