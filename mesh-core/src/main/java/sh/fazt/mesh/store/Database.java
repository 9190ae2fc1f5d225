package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.schema.TextEncoding;
import sh.fazt.mesh.schema.Value;

/**
 * One connection to a SQLite file: transactions, prepared statements, exact values. Confined to the
 * thread that opened it. Every failure leaves as a {@link MeshException}.
 *
 * <p>Text parameters are bound so that SQLite stores their very bytes; put {@link
 * #placeholder(Value)} into the SQL where a value may hold any text.
 */
public final class Database implements AutoCloseable {
  private static final int BUSY_TIMEOUT_MILLIS = 5_000;

  /** SQLite's own numbers of the ways to open a file. */
  private static final int READ_ONLY = 1;

  private static final int READ_WRITE = 2;
  private static final int READ_WRITE_CREATE = 6;

  private final Path file;
  private final Connection connection;
  private final StatementCache statements;

  private TextEncoding encoding = TextEncoding.UTF_8;

  private Database(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
    this.statements = new StatementCache(connection);
  }

  /** Opens an existing database for reading and writing; never changes its journal mode. */
  public static Database open(Path file) {
    return open(file, READ_WRITE);
  }

  /** Opens an existing database to look at it; every write fails. */
  public static Database openToRead(Path file) {
    return open(file, READ_ONLY);
  }

  /** Opens a database, making an empty one in WAL mode if there is none. */
  public static Database create(Path file) {
    Database database = open(file, READ_WRITE_CREATE);
    database.scalar("PRAGMA journal_mode = WAL");
    return database;
  }

  private static Database open(Path file, int mode) {
    Properties settings = new Properties();
    settings.setProperty("jdbc.get_generated_keys", "false");
    settings.setProperty("open_mode", String.valueOf(mode));
    try {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file, settings);
      return configured(new Database(file, connection));
    } catch (SQLException e) {
      throw SqlFaults.translate(file, e);
    }
  }

  private static Database configured(Database database) {
    boolean done = false;
    try {
      database.configure();
      done = true;
      return database;
    } finally {
      if (!done) {
        database.close();
      }
    }
  }

  private void configure() {
    run("PRAGMA busy_timeout = " + BUSY_TIMEOUT_MILLIS);
    // The declared foreign keys are the application's to enforce: a peer's rows arrive with the
    // effects of its cascades, which must not happen twice.
    run("PRAGMA foreign_keys = OFF");
    run("PRAGMA recursive_triggers = OFF");
    run("PRAGMA trusted_schema = ON");
    // With a write-ahead log a commit need not wait for the disk while it holds the lock that
    // others want; what must survive a power cut is made durable after it.
    run("PRAGMA synchronous = " + (hasWriteAheadLog() ? "NORMAL" : "FULL"));
    run("PRAGMA cache_size = -16000");
    scalar("SELECT count(*) FROM sqlite_schema");
    try (Rows rows = query("PRAGMA encoding")) {
      encoding = rows.next() ? TextEncoding.of(rows.text(0)) : encoding;
    }
  }

  /** How the file keeps its text. */
  TextEncoding encoding() {
    return encoding;
  }

  public Path file() {
    return file;
  }

  /**
   * Runs {@code work} in one write transaction, taken at once: all of it is kept, or, if it throws,
   * nothing.
   */
  public <T> T write(Supplier<T> work) {
    run("BEGIN IMMEDIATE");
    boolean done = false;
    try {
      T result = work.get();
      run("COMMIT");
      done = true;
      return result;
    } finally {
      if (!done) {
        rollback();
      }
    }
  }

  /**
   * Runs {@code work} on one unchanging view of the database. Nobody is kept from writing
   * meanwhile, if the database has a write-ahead log; {@code work} must not write.
   */
  public <T> T read(Supplier<T> work) {
    run("BEGIN");
    try {
      return work.get();
    } finally {
      rollback();
    }
  }

  private void rollback() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      // Justification: SQLite has rolled back by itself where the fault was the disk's.
      statements.forget();
    }
  }

  /** Whether a reader keeps nobody from writing. */
  public boolean hasWriteAheadLog() {
    return first("PRAGMA journal_mode").equals(Optional.of(Value.of("wal")));
  }

  /** Waits until every commit so far would survive a power cut; holds no lock. */
  public void makeDurable() {
    Path log = file.resolveSibling(file.getFileName() + "-wal");
    // SQLite has no locks on this file, so closing it here takes none away.
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.force(false);
    } catch (NoSuchFileException e) {
      // Justification: without a write-ahead log the commit itself has waited for the disk.
      return;
    } catch (IOException e) {
      throw FileFaults.translate("cannot flush " + log, log, e);
    }
  }

  /** Runs one statement without parameters and without a result, outside the statement cache. */
  public void run(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /** Runs exactly one statement, whatever follows it in {@code sql} is not compiled. */
  public void runFirst(String sql) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /** Runs a change and returns how many rows it changed. */
  public int execute(String sql, Value... arguments) {
    try {
      return update(sql, arguments);
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /**
   * Runs a change that the table's own rules may refuse.
   *
   * @return the rule's complaint, or empty if the change was made
   */
  public Optional<String> attempt(String sql, Value... arguments) {
    try {
      update(sql, arguments);
      return Optional.empty();
    } catch (SQLException e) {
      if (SqlFaults.isRefusal(e)) {
        return Optional.of(SqlFaults.complaint(e));
      }
      throw fault(e);
    }
  }

  /** Compiles a statement without running it; SQLite's complaint if it does not compile. */
  Optional<String> attemptCompile(String sql) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      return statement.isClosed() ? Optional.of("it does not compile") : Optional.empty();
    } catch (SQLException e) {
      return Optional.of(SqlFaults.complaint(e));
    }
  }

  private int update(String sql, Value... arguments) throws SQLException {
    PreparedStatement statement = statements.take(sql);
    boolean reusable = false;
    try {
      Binding.bind(statement, encoding, arguments);
      int changed = statement.executeUpdate();
      reusable = !Binding.isLarge(arguments);
      return changed;
    } finally {
      if (reusable) {
        statements.giveBack(sql, statement);
      } else {
        statement.close();
      }
    }
  }

  /** Runs a query; close the rows. */
  public Rows query(String sql, Value... arguments) {
    try {
      PreparedStatement statement = statements.take(sql);
      try {
        Binding.bind(statement, encoding, arguments);
        boolean kept = !Binding.isLarge(arguments);
        return new Rows(this, kept ? sql : "", statement, statement.executeQuery());
      } catch (SQLException e) {
        statement.close();
        throw e;
      }
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /** The first column of the first row, if there is a row. */
  public Optional<Value> first(String sql, Value... arguments) {
    try (Rows rows = query(sql, arguments)) {
      return rows.next() ? Optional.of(rows.value(0)) : Optional.empty();
    }
  }

  /** The first column of the first row as an integer; 0 if there is none or it is NULL. */
  public long scalar(String sql, Value... arguments) {
    try (Rows rows = query(sql, arguments)) {
      return rows.next() ? rows.integer(0) : 0;
    }
  }

  /** How {@code value} stands in SQL: text that a Java string cannot carry goes as its bytes. */
  public static String placeholder(Value value) {
    // The plus takes away the affinity that CAST gives, which would change comparisons.
    return Binding.isPlain(value) ? "?" : "+CAST(? AS TEXT)";
  }

  /** The statements that are compiled and at rest. */
  StatementCache statements() {
    return statements;
  }

  MeshException fault(SQLException e) {
    // A prepared statement stays dead after a full disk or an I/O error.
    statements.forget();
    return SqlFaults.translate(file, e);
  }

  @Override
  public void close() {
    statements.forget();
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqlFaults.translate(file, e);
    }
  }
}
