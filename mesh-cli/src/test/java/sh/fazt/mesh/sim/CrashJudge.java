package sh.fazt.mesh.sim;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.commands.SqliteFile;

/**
 * Knows what must be in the databases, and says what is wrong with them. What it has seen of signed
 * batches it remembers from one look to the next. Confined.
 */
final class CrashJudge {
  /** The rows of {@code items} by key, to be followed by a pattern. */
  static final String ROWS_OF = "SELECT id, text, number, typeof(number) FROM items WHERE id LIKE ";

  private static final List<String> TABLES = List.of("items", "words", "blobs", "grows");

  private final Map<String, String> acknowledged = new TreeMap<>();
  private final Map<String, String> batches = new TreeMap<>();

  /** From now on these rows must be so on every node. */
  void expect(Map<String, String> rows) {
    acknowledged.putAll(rows);
  }

  int rows() {
    return acknowledged.size();
  }

  int batches() {
    return batches.size();
  }

  /** What is wrong with a database by itself. */
  List<String> complaints(SqliteFile file) throws SQLException {
    List<String> wrong = new ArrayList<>();
    List<String> integrity = file.rows("PRAGMA integrity_check");
    if (!integrity.equals(List.of("ok"))) {
      wrong.add("integrity: " + integrity);
    }
    wrong.addAll(differences(acknowledged, items(file)));
    for (String batch :
        file.rows(
            """
            SELECT hex(node) || '.' || incarnation || '.' || seq, hex(hash)
            FROM _mesh_batch JOIN _mesh_site ON site = number""")) {
      int bar = batch.indexOf('|');
      String hash = batch.substring(bar + 1);
      String former = batches.putIfAbsent(batch.substring(0, bar), hash);
      if (former != null && !former.equals(hash)) {
        wrong.add("a number was used twice: " + batch + " after " + former);
      }
    }
    file.rows("SELECT site, seq FROM _mesh_fork").forEach(fork -> wrong.add("fork: " + fork));
    file.rows("SELECT * FROM _mesh_applying").forEach(flag -> wrong.add("a flag was left"));
    return wrong.stream().limit(20).map(each -> file.path().getFileName() + ": " + each).toList();
  }

  /** The highest incarnation that a database knows of. */
  static long incarnations(SqliteFile file) throws SQLException {
    return Long.parseLong(file.rows("SELECT max(incarnation) FROM _mesh_site").get(0));
  }

  private static final String OWN =
      """
      FROM _mesh_site WHERE node = (SELECT value FROM _mesh_meta WHERE name = 'NODE')
      ORDER BY incarnation DESC LIMIT 1""";

  /** As which incarnation a database signs. */
  static long ownIncarnation(SqliteFile file) throws SQLException {
    return Long.parseLong(file.rows("SELECT incarnation " + OWN).get(0));
  }

  /** How many batches it has signed as that. */
  static long ownSeq(SqliteFile file) throws SQLException {
    return Long.parseLong(file.rows("SELECT head_seq " + OWN).get(0));
  }

  /** The rows of {@code items} that programs of these names have written, by key. */
  static Map<String, String> itemsOf(SqliteFile file, List<String> programs) throws SQLException {
    Map<String, String> items = items(file);
    items.keySet().removeIf(key -> programs.stream().noneMatch(name -> key.startsWith(name + "-")));
    return items;
  }

  private static Map<String, String> items(SqliteFile file) throws SQLException {
    Map<String, String> items = new TreeMap<>();
    for (String row : file.rows(ROWS_OF + "'%'")) {
      int bar = row.indexOf('|');
      items.put(row.substring(0, bar), row.substring(bar + 1));
    }
    return items;
  }

  /** Which rows are not as they must be. */
  static List<String> differences(Map<String, String> expected, Map<String, String> rows) {
    List<String> wrong = new ArrayList<>();
    expected.forEach(
        (key, state) -> {
          String found = rows.getOrDefault(key, CrashApp.ABSENT);
          if (!found.equals(state)) {
            wrong.add(key + " is " + brief(found) + " and not " + brief(state));
          }
        });
    return wrong;
  }

  private static String brief(String state) {
    return state.length() <= 60 ? state : state.substring(0, 20) + "…" + state.length();
  }

  /** In which tables two databases differ, by the class and the bytes of every value. */
  static List<String> differing(SqliteFile one, SqliteFile other) throws SQLException {
    List<String> wrong = new ArrayList<>();
    for (String table : TABLES) {
      Map<String, Hash> here = content(one, table);
      Map<String, Hash> there = content(other, table);
      if (!here.equals(there)) {
        here.forEach((key, hash) -> wrong.addAll(unlike(table, key, hash, there.get(key))));
        there.keySet().stream()
            .filter(key -> !here.containsKey(key))
            .forEach(key -> wrong.add(table + " " + key + " only in " + other.path()));
      }
    }
    return wrong.stream().limit(20).toList();
  }

  private static List<String> unlike(
      String table, String key, Hash here, @org.jspecify.annotations.Nullable Hash there) {
    return here.equals(there)
        ? List.of()
        : List.of(table + " " + key + (there == null ? " in one alone" : " differs"));
  }

  /**
   * Whether two nodes say that they hold the same, and do.
   *
   * @param wrong gets what is not so
   */
  static boolean areLevel(List<CrashNode> nodes, List<String> wrong) {
    wrong.clear();
    nodes.stream()
        .filter(node -> !node.isInSync())
        .forEach(node -> wrong.add(node.name() + " waits"));
    try {
      if (wrong.isEmpty()) {
        wrong.addAll(differing(nodes.get(0).file(), nodes.get(1).file()));
      }
    } catch (SQLException e) {
      wrong.add(e.toString());
    }
    return wrong.isEmpty();
  }

  private static Map<String, Hash> content(SqliteFile file, String table) throws SQLException {
    Map<String, Hash> content = new TreeMap<>();
    try (Connection connection = file.open();
        Statement statement = connection.createStatement()) {
      List<String> columns = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery("SELECT name FROM pragma_table_info('" + table + "')")) {
        while (rows.next()) {
          columns.add(rows.getString(1));
        }
      }
      StringBuilder query = new StringBuilder("SELECT id");
      columns.forEach(column -> query.append(", typeof(" + column + "), " + column));
      try (ResultSet rows = statement.executeQuery(query + " FROM " + table)) {
        while (rows.next()) {
          List<Bytes> row = new ArrayList<>();
          for (int i = 0; i < columns.size(); i++) {
            byte[] value = rows.getBytes(3 + 2 * i);
            Bytes bytes = value == null ? Bytes.EMPTY : Bytes.wrap(value);
            row.add(Bytes.utf8(rows.getString(2 + 2 * i) + bytes.size() + ":"));
            row.add(bytes);
          }
          content.put(rows.getString(1), Hash.of(Bytes.concat(row.toArray(Bytes[]::new))));
        }
      }
    }
    return content;
  }
}
