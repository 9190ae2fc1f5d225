package sh.fazt.mesh.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A program beside a simulated node: it writes at random and reads, through a plain connection of
 * its own, and knows nothing of the mesh. Its SQLite has the simulated clock of its machine.
 */
final class SimApp {
  /**
   * {@code own}: keys that one node alone writes. {@code shared}, {@code numbered}, {@code named}:
   * anybody's. {@code whole} and {@code twin}: each transaction gives all rows of a group one tag.
   * {@code tale}: rows are only added, each after one that its author had before its eyes.
   */
  static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE own (id TEXT PRIMARY KEY, v, n INTEGER)",
          "CREATE TABLE shared (id TEXT PRIMARY KEY, born, a, b, c)",
          "CREATE TABLE numbered (id INTEGER PRIMARY KEY, born, a) ",
          "CREATE TABLE named (id TEXT PRIMARY KEY, born, a UNIQUE) WITHOUT ROWID",
          "CREATE TABLE whole (grp TEXT, part INTEGER, tag, PRIMARY KEY (grp, part))",
          "CREATE TABLE twin (grp TEXT PRIMARY KEY, tag)",
          "CREATE TABLE tale (id TEXT PRIMARY KEY, after TEXT)");

  /** The tables whose rows anybody writes, and their columns besides key and birth. */
  static final List<String> ANYBODYS = List.of("shared", "numbered", "named");

  private final int index;
  private final SimSql sql;
  private final Random random;
  private final SimLedger ledger;
  private Optional<SimLedger.Draft> draft = Optional.empty();

  /** What its own keys begin with: another one each time the file is put back. */
  private String author;

  private int past;
  private boolean counts = true;
  private boolean ownAlone;
  private int statements;

  SimApp(int index, Path file, LongSupplier wallMillis, Random random, SimLedger ledger) {
    this.index = index;
    this.author = "n" + index;
    this.sql = new SimSql(file, wallMillis);
    this.random = random;
    this.ledger = ledger;
  }

  /**
   * An older copy is in place of the file: it begins keys of its own anew, since what it writes now
   * and what it had written before do not know of each other.
   *
   * @return what its own keys began with before
   */
  String begunAnew() {
    String before = author;
    author = "n" + index + "e" + ++past;
    return before;
  }

  /** What it writes from now on may be seen elsewhere, and need not. */
  void countsNoMore() {
    counts = false;
  }

  void close() {
    sql.close();
    draft = Optional.empty();
  }

  /** One column of a query, as text. */
  List<String> column(String query, Object... values) {
    return sql.column(query, values);
  }

  /** The rows that were written to and no batch tells of, by what they were born with. */
  Set<String> untold() {
    Set<String> born = new HashSet<>();
    for (String table : ANYBODYS) {
      for (String number : column("SELECT number FROM _mesh_table WHERE name = ?", table)) {
        String touched = "(SELECT k0 FROM _mesh_touched_" + number + ")";
        born.addAll(column("SELECT born FROM " + table + " WHERE id IN " + touched));
      }
    }
    return born;
  }

  void run(String statement) {
    sql.run(statement);
  }

  /** Runs {@code work} over one snapshot of the whole file. */
  void read(Runnable work) {
    run("BEGIN");
    try {
      work.run();
    } finally {
      run("COMMIT");
    }
  }

  /**
   * One transaction of one to three writes, now and then of up to fifteen. What is rolled back, by
   * itself or by a constraint, is not to be seen anywhere.
   *
   * @return whether it was committed
   */
  boolean write() {
    return !isHolding() && begin() && end(random.nextInt(12) > 0);
  }

  /**
   * Begins such a transaction, which keeps the write lock until {@link #end}.
   *
   * @return false if it was rolled back already
   */
  boolean begin() {
    draft = Optional.of(new SimLedger.Draft());
    run("BEGIN IMMEDIATE");
    try {
      int writes = 1 + random.nextInt(random.nextInt(10) == 0 ? 15 : 3);
      for (int i = 0; i < writes; i++) {
        writeAny(draft.get());
      }
      return true;
    } catch (SQLException e) {
      return end(false);
    }
  }

  /** Whether it has begun a transaction that is not at its end. */
  boolean isHolding() {
    return draft.isPresent();
  }

  /**
   * The end of the transaction that was begun.
   *
   * @return {@code kept}
   */
  boolean end(boolean kept) {
    run(kept ? "COMMIT" : "ROLLBACK");
    if (kept) {
      if (counts) {
        ledger.committed(index, draft.orElseThrow());
      } else {
        ledger.perhaps(draft.orElseThrow());
      }
    }
    draft = Optional.empty();
    return kept;
  }

  /** It writes none but its own keys from now on, and these need not be seen elsewhere. */
  void ownAlone() {
    ownAlone = true;
    countsNoMore();
  }

  private void writeAny(SimLedger.Draft draft) throws SQLException {
    if (ownAlone) {
      writeOwn(draft);
      return;
    }
    switch (random.nextInt(8)) {
      case 0, 1 -> writeOwn(draft);
      case 2 -> writeGroup();
      case 3 -> tell(draft);
      default -> writeAnybodys(draft);
    }
  }

  /** How many statements that write it has run so far, also such as were rolled back. */
  int statements() {
    return statements;
  }

  private int change(String statement, Object... values) throws SQLException {
    statements++;
    return sql.change(statement, values);
  }

  private void writeOwn(SimLedger.Draft draft) throws SQLException {
    String key = author + ":" + random.nextInt(4);
    String value = "v" + ledger.token();
    switch (random.nextInt(5)) {
      case 0 -> change("DELETE FROM own WHERE id = ?", key);
      case 1 -> change("REPLACE INTO own VALUES (?, ?, 1)", key, value);
      case 2 -> {
        if (change("UPDATE own SET v = ?, n = n + 1 WHERE id = ?", value, key) == 0) {
          return;
        }
      }
      default ->
          change(
              "INSERT INTO own VALUES (?, ?, 1) ON CONFLICT (id) DO UPDATE SET v = excluded.v",
              key,
              value);
    }
    draft.own.put(key, column("SELECT v FROM own WHERE id = ?", key).stream().findFirst());
  }

  private void writeGroup() throws SQLException {
    String group = author + ":" + random.nextInt(2);
    if (random.nextInt(6) == 0) {
      change("DELETE FROM twin WHERE grp = ?", group);
      change("DELETE FROM whole WHERE grp = ?", group);
      return;
    }
    String tag = "t" + ledger.token();
    change("REPLACE INTO twin VALUES (?, ?)", group, tag);
    for (int part = 0; part < 3; part++) {
      change(
          "INSERT INTO whole VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET tag = excluded.tag",
          group,
          part,
          tag);
    }
  }

  private void tell(SimLedger.Draft draft) throws SQLException {
    List<String> known = column("SELECT id FROM tale ORDER BY rowid DESC LIMIT 8");
    String after = known.isEmpty() ? "" : known.get(random.nextInt(known.size()));
    String own = author + ":";
    String count = "SELECT count(*) FROM tale WHERE substr(id, 1, length(?)) = ?";
    String id = own + (1 + Integer.parseInt(column(count, own, own).get(0)));
    change("INSERT INTO tale VALUES (?, ?)", id, after);
    draft.told.add(id);
  }

  /**
   * Whether the mesh learns of a row's delete. Of a row that a copy holds and nobody has taken in
   * it does not, though the row may have reached others before the copy was put back.
   */
  private boolean leavesATrace(String table, Object key) {
    String number =
        column("SELECT number FROM _mesh_table WHERE name = ?", table).stream()
            .findFirst()
            .orElse("");
    return past == 0
        || number.isEmpty()
        || !column("SELECT 1 FROM _mesh_shadow_" + number + " WHERE k0 = ?", key).isEmpty();
  }

  private void writeAnybodys(SimLedger.Draft draft) throws SQLException {
    String table = ANYBODYS.get(random.nextInt(ANYBODYS.size()));
    Object key = table.equals("numbered") ? (Object) random.nextInt(12) : "k" + random.nextInt(12);
    switch (random.nextInt(6)) {
      case 0 -> {
        if (leavesATrace(table, key)) {
          draft.buried.addAll(column("SELECT born FROM " + table + " WHERE id = ?", key));
        }
        change("DELETE FROM " + table + " WHERE id = ?", key);
      }
      case 1, 2 -> {
        String verb = random.nextInt(3) == 0 ? "REPLACE" : "INSERT OR IGNORE";
        Object born = "b" + ledger.token();
        Object value = value(table);
        if (change(verb + " INTO " + table + " (id, born, a) VALUES (?, ?, ?)", key, born, value)
            > 0) {
          draft.written.add(cell(table, key, "born", born));
          draft.written.add(cell(table, key, "a", value));
        }
      }
      default -> {
        String column =
            table.equals("shared") ? List.of("a", "b", "c").get(random.nextInt(3)) : "a";
        Object value = value(table);
        if (change("UPDATE " + table + " SET " + column + " = ? WHERE id = ?", value, key) > 0) {
          draft.written.add(cell(table, key, column, value));
        }
      }
    }
  }

  private static String cell(String table, Object key, String column, Object value) {
    return table + "/" + key + "/" + column + "=" + told(value);
  }

  /** A value as {@link SimJudge} reads it: with its class. */
  private static String told(Object value) {
    if (value instanceof byte[] bytes) {
      return "blob:" + new String(bytes, UTF_8);
    }
    return (value instanceof String ? "text:" : value instanceof Double ? "real:" : "integer:")
        + value;
  }

  /** Of a table with unique values one of a few, else one that nobody else writes. */
  private Object value(String table) {
    if (table.equals("named")) {
      return "name" + random.nextInt(8);
    }
    int token = ledger.token();
    return switch (random.nextInt(4)) {
      case 0 -> token;
      case 1 -> token + 0.5;
      case 2 -> ("x" + token).getBytes(UTF_8);
      default -> "é" + token;
    };
  }
}
