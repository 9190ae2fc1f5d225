package sh.fazt.mesh.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small schema and what may be written to it.
 *
 * @param tables each table's columns that can be written, with the literals to choose from
 * @param keys each table's key columns
 */
record Shape(
    String name,
    List<String> ddl,
    Map<String, Map<String, List<String>>> tables,
    Map<String, List<String>> keys) {

  private static final String TEXTS = "'a' 'b' 'c' 'd' 'e' 'f'";
  private static final String CASES = "'a' 'A' 'b' 'B' 'c' 'C' 'bä' 'bÄ'";
  private static final String NUMBERS = "1 2 3 4 5 6 7 8";
  private static final String MIXED = "1 2 '1' '2' x'31' 1.0 2.5 'a' x'' ''";
  private static final String ANY = "NULL 0 1 -5 2.5 'x' 'X' '' x'00ff' 13 1e300 'a' 'b'";
  private static final String ONES = "0 1 1 NULL";

  @Override
  public String toString() {
    return name;
  }

  /** Every shape there is. */
  static List<Shape> all() {
    return List.of(
        shape("text key")
            .ddl("CREATE TABLE t (k TEXT PRIMARY KEY, a, b INTEGER DEFAULT 7, c TEXT)")
            .table("t", "k", "k", TEXTS, "a", ANY, "b", NUMBERS, "c", ANY)
            .made(),
        shape("integer key")
            .ddl("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL)")
            .table("t", "id", "id", NUMBERS + " NULL", "a", ANY, "b", ANY)
            .made(),
        shape("autoincrement")
            .ddl("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT UNIQUE)")
            .table("t", "id", "id", NUMBERS + " NULL", "a", TEXTS + " NULL")
            .made(),
        shape("descending integer key")
            .ddl("CREATE TABLE t (id INTEGER PRIMARY KEY DESC, v)")
            .table("t", "id", "id", NUMBERS, "v", ANY)
            .made(),
        shape("composite key without rowid")
            .ddl("CREATE TABLE t (p TEXT, q INTEGER, v, PRIMARY KEY (p, q)) WITHOUT ROWID")
            .table("t", "p q", "p", "'a' 'b' 'c'", "q", "1 2 3", "v", ANY)
            .made(),
        shape("composite key that may be null")
            .ddl("CREATE TABLE t (p TEXT, q INTEGER, v, PRIMARY KEY (q, p))")
            .table("t", "q p", "p", "'a' 'b' NULL", "q", "1 2 3", "v", ANY)
            .made(),
        shape("blob key")
            .ddl("CREATE TABLE t (k BLOB PRIMARY KEY, v)")
            .table("t", "k", "k", "x'' x'00' x'0001' x'ff' 'a' 1", "v", ANY)
            .made(),
        shape("untyped key")
            .ddl("CREATE TABLE t (k PRIMARY KEY, v)")
            .table("t", "k", "k", MIXED, "v", ANY)
            .made(),
        shape("real key")
            .ddl("CREATE TABLE t (k REAL PRIMARY KEY, v NUMERIC)")
            .table("t", "k", "k", "1 1.0 '1' 2.5 -0.0 0 1e300 'a'", "v", ANY)
            .made(),
        shape("key without regard to case")
            .ddl("CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY, v)")
            .table("t", "k", "k", CASES, "v", ANY)
            .made(),
        shape("key without regard to trailing blanks")
            .ddl(
                "CREATE TABLE t (k TEXT COLLATE RTRIM, n INT, v, PRIMARY KEY (k, n)) WITHOUT ROWID")
            .table("t", "k n", "k", "'a' 'a ' 'a  ' 'b' 'b ' 'c'", "n", "1 2", "v", ANY)
            .made(),
        shape("strict")
            .ddl("CREATE TABLE t (k TEXT PRIMARY KEY, i INT, r REAL, b BLOB, y ANY) STRICT")
            .table(
                "t",
                "k",
                "k",
                TEXTS,
                "i",
                "1 2 '3' 'x' NULL",
                "r",
                "1 2.5 'y'",
                "b",
                "x'00' 'z'",
                "y",
                ANY)
            .made(),
        shape("two unique constraints")
            .ddl("CREATE TABLE t (k TEXT PRIMARY KEY, e TEXT UNIQUE, f INTEGER, UNIQUE (f, e))")
            .table("t", "k", "k", TEXTS, "e", TEXTS + " NULL", "f", "1 2 NULL")
            .made(),
        shape("unique without regard to case")
            .ddl(
                "CREATE TABLE t (k INTEGER PRIMARY KEY, e TEXT COLLATE NOCASE UNIQUE, g TEXT)",
                "CREATE UNIQUE INDEX g ON t (g COLLATE NOCASE DESC)")
            .table("t", "k", "k", NUMBERS, "e", CASES + " NULL", "g", CASES)
            .made(),
        shape("unique without rowid")
            .ddl(
                "CREATE TABLE t (k TEXT PRIMARY KEY, e TEXT UNIQUE, f INTEGER UNIQUE) WITHOUT ROWID")
            .table("t", "k", "k", TEXTS, "e", TEXTS + " NULL", "f", NUMBERS + " NULL")
            .made(),
        shape("partial unique index")
            .ddl(
                "CREATE TABLE t (k TEXT PRIMARY KEY, d INTEGER, g TEXT)",
                "CREATE UNIQUE INDEX one ON t (g) WHERE d = 1")
            .table("t", "k", "k", TEXTS, "d", ONES, "g", "'x' 'y' NULL")
            .made(),
        shape("unique expressions")
            .ddl(
                "CREATE TABLE t (k TEXT PRIMARY KEY, e TEXT, a INT, b INT)",
                "CREATE UNIQUE INDEX low ON t (lower(e))",
                "CREATE UNIQUE INDEX sum ON t (a + b, e COLLATE NOCASE) WHERE a > 1")
            .table("t", "k", "k", TEXTS, "e", CASES + " NULL", "a", NUMBERS, "b", NUMBERS)
            .made(),
        shape("cascading children")
            .ddl(
                "CREATE TABLE p (id TEXT PRIMARY KEY)",
                "CREATE TABLE c (id INTEGER PRIMARY KEY, p TEXT REFERENCES p"
                    + " ON DELETE CASCADE ON UPDATE CASCADE)")
            .table("p", "id", "id", TEXTS)
            .table("c", "id", "id", NUMBERS, "p", TEXTS + " NULL")
            .made(),
        shape("children that are set")
            .ddl(
                "CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT UNIQUE)",
                "CREATE TABLE c (id TEXT PRIMARY KEY, p INTEGER DEFAULT 1 REFERENCES p"
                    + " ON DELETE SET NULL ON UPDATE SET DEFAULT DEFERRABLE INITIALLY DEFERRED)")
            .table("p", "id", "id", NUMBERS, "n", TEXTS)
            .table("c", "id", "id", TEXTS, "p", NUMBERS + " NULL")
            .made(),
        shape("tree")
            .ddl("CREATE TABLE t (id TEXT PRIMARY KEY, up TEXT REFERENCES t ON DELETE CASCADE)")
            .table("t", "id", "id", TEXTS, "up", TEXTS + " NULL NULL NULL")
            .made(),
        shape("generated columns")
            .ddl(
                "CREATE TABLE t (k TEXT PRIMARY KEY, a INTEGER, v AS (a * 2) VIRTUAL,"
                    + " s TEXT AS (substr(k, 1, 1) || a) STORED UNIQUE)")
            .table("t", "k", "k", CASES, "a", NUMBERS)
            .made(),
        shape("triggers of the application's")
            .ddl(
                "CREATE TABLE t (k TEXT PRIMARY KEY, v, n INTEGER DEFAULT 0)",
                "CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT)",
                "CREATE TRIGGER count AFTER UPDATE OF v ON t BEGIN"
                    + " UPDATE t SET n = n + 1 WHERE k = NEW.k; END",
                "CREATE TRIGGER gone AFTER DELETE ON t BEGIN"
                    + " INSERT INTO log (what) VALUES (OLD.k); END",
                "CREATE TRIGGER never BEFORE INSERT ON t WHEN NEW.v = 13 BEGIN"
                    + " SELECT RAISE(IGNORE); END",
                "CREATE TRIGGER nine AFTER INSERT ON t WHEN NEW.n = 9 BEGIN"
                    + " SELECT RAISE(ROLLBACK, 'nine'); END")
            .table("t", "k", "k", TEXTS, "v", ANY, "n", "1 2 9")
            .table("log", "id", "id", NUMBERS + " NULL", "what", TEXTS)
            .made(),
        shape("checks and defaults")
            .ddl(
                "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL,"
                    + " v INTEGER NOT NULL DEFAULT 5 CHECK (v < 7), w TEXT CHECK (w <> 'x'))")
            .table("t", "k", "k", TEXTS + " NULL", "v", NUMBERS + " NULL", "w", ANY)
            .made(),
        shape("conflict clauses in the schema")
            .ddl(
                "CREATE TABLE t (k TEXT PRIMARY KEY ON CONFLICT REPLACE,"
                    + " e TEXT UNIQUE ON CONFLICT IGNORE, g TEXT UNIQUE ON CONFLICT REPLACE,"
                    + " v NOT NULL ON CONFLICT REPLACE DEFAULT 1)")
            .table("t", "k", "k", TEXTS, "e", TEXTS, "g", TEXTS + " NULL", "v", ANY)
            .made(),
        shape("odd names")
            .ddl(
                "CREATE TABLE \"or\"\"der\" (\"sel'ect\" TEXT PRIMARY KEY, \"a b\" INT,"
                    + " \"Ünï\" TEXT UNIQUE, \"rowid\" INT)")
            .table(
                "\"or\"\"der\"",
                "\"sel'ect\"",
                "\"sel'ect\"",
                TEXTS,
                "\"a b\"",
                NUMBERS,
                "\"Ünï\"",
                TEXTS + " NULL",
                "\"rowid\"",
                NUMBERS)
            .made());
  }

  private static Maker shape(String name) {
    return new Maker(name);
  }

  /** Puts a shape together. One use. */
  private static final class Maker {
    private final String name;
    private final List<String> ddl = new ArrayList<>();
    private final Map<String, Map<String, List<String>>> tables = new LinkedHashMap<>();
    private final Map<String, List<String>> keys = new LinkedHashMap<>();

    Maker(String name) {
      this.name = name;
    }

    Maker ddl(String... statements) {
      ddl.addAll(List.of(statements));
      return this;
    }

    Maker table(String table, String key, String... columns) {
      Map<String, List<String>> literals = new LinkedHashMap<>();
      for (int i = 0; i < columns.length; i += 2) {
        // No literal holds a blank but 'a ' and its like, which stand between quotes.
        literals.put(columns[i], List.of(columns[i + 1].split(" (?=(?:[^']*'[^']*')*[^']*$)")));
      }
      tables.put(table, literals);
      keys.put(table, key.startsWith("\"") ? List.of(key) : List.of(key.split(" ")));
      return this;
    }

    Shape made() {
      return new Shape(name, List.copyOf(ddl), tables, keys);
    }
  }
}
