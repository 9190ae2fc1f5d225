package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.roster.PreviewMessage;

/** What a UTF-16 database cannot hold, and everything else that text takes part in. */
class Utf16Test extends LineOfEncodings {
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8 UTF-16le UTF-8", "UTF-8 UTF-16be UTF-8"})
  void textThatTheNodeBetweenCannotKeepPassesItUnchangedAndIsNotSignedByIt(String encodingsOfAll) {
    line(encodingsOfAll, "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, y)");
    for (String hex : INVALID) {
      run(0, "INSERT INTO t (x, y) VALUES (CAST(x'" + hex + "' AS TEXT), 1)");
    }
    sync();
    assertThat(exact(2, "t")).isEqualTo(exact(0, "t"));
    assertThat(nodes.app("b").column("SELECT typeof(x) FROM t")).containsOnly("text");
    assertNothingToSay();
    long signed = ownSeq("b");
    run(1, "UPDATE t SET x = x");
    nodes.mesh("b").harvest();
    assertThat(ownSeq("b")).isEqualTo(signed);
    run(1, "UPDATE t SET y = 2");
    sync();
    assertThat(exact(2, "t")).isEqualTo(exact(0, "t"));
    assertThat(nodes.app("a").one("SELECT hex(x) FROM t WHERE id = 1 AND y = 2")).isEqualTo("FF");
    assertNothingToSay();
    run(2, "UPDATE t SET x = 'fine' WHERE id = 1");
    run(1, "UPDATE t SET x = x || 'more' WHERE id = 2");
    sync();
    for (String name : NODES) {
      assertThat(nodes.app(name).one("SELECT x FROM t WHERE id = 1")).isEqualTo("fine");
      assertThat(nodes.app(name).one("SELECT x FROM t WHERE id = 2")).endsWith("more");
    }
    assertThat(exact(2, "t")).isEqualTo(exact(0, "t"));
    assertNothingToSay();
  }

  private long ownSeq(String name) {
    Mesh mesh = nodes.mesh(name);
    return mesh.summary().head(mesh.site()).map(head -> head.seq()).orElse(0L);
  }

  @Test
  void whatLosesToAnUnseenWriteIsKeptAsItWasWritten() {
    line("UTF-8 UTF-16le UTF-8", "CREATE TABLE t (id TEXT PRIMARY KEY, x TEXT)");
    run(0, "INSERT INTO t VALUES ('k', CAST(x'ff' AS TEXT))");
    nodes.sync("a", "b");
    run(2, "INSERT INTO t VALUES ('k', 'later')");
    sync();
    assertSame("t");
    assertThat(nodes.app("b").column("SELECT hex(lost) FROM _mesh_conflict"))
        .anySatisfy(lost -> assertThat(lost).endsWith("FF"));
  }

  @Test
  void keysThatANodeCannotKeepWaitThereAndHoldNothingUp() {
    line(
        "UTF-8 UTF-16le UTF-8",
        "CREATE TABLE t (k TEXT PRIMARY KEY, v)",
        "CREATE TABLE n (k TEXT COLLATE NOCASE PRIMARY KEY, v)");
    run(0, "INSERT INTO t VALUES (CAST(x'ff' AS TEXT), 1), ('" + "\uFFFD" + "', 2), ('c', 3)");
    run(0, "INSERT INTO n VALUES (CAST(x'61eda080' AS TEXT), 1), (CAST(x'6100ff' AS TEXT), 2)");
    run(1, "INSERT INTO n VALUES (CAST(x'6200' || x'00d8' AS TEXT), 1)");
    sync();
    assertThat(exact(2, "t")).isEqualTo(exact(0, "t"));
    assertThat(exact(2, "n")).isEqualTo(exact(0, "n")).hasSize(2);
    assertThat(nodes.app("b").column("SELECT v FROM t ORDER BY v")).containsExactly("2", "3");
    assertThat(nodes.mesh("b").view().figures(nodes.nowMillis).parked()).isEqualTo(3);
    run(2, "UPDATE t SET v = v + 10");
    run(1, "UPDATE t SET v = v + 100");
    run(0, "DELETE FROM n");
    sync();
    assertThat(exact(2, "t")).isEqualTo(exact(0, "t"));
    assertThat(nodes.app("a").column("SELECT v FROM t ORDER BY v")).contains("11");
    assertThat(nodes.scrub("b")).isZero();
  }

  @Test
  void uniqueIndexesTriggersAndLeaveInEveryEncoding() {
    line(
        "UTF-16le UTF-16be UTF-8",
        "CREATE TABLE t (id TEXT PRIMARY KEY, slug TEXT, on_ INTEGER, at TEXT DEFAULT 'd\u00e9f')",
        "CREATE UNIQUE INDEX t_slug ON t (lower(slug), substr(slug, 1, 3)) WHERE on_ = 1",
        "CREATE TABLE log (id TEXT PRIMARY KEY)",
        "CREATE TRIGGER touch AFTER INSERT ON t BEGIN"
            + " INSERT INTO log VALUES ('\u00fc' || NEW.id); END");
    run(
        0,
        "INSERT INTO t (id, slug, on_) VALUES ('\u00e4', '\u00dcber', 1), ('b', '\u00dcber', 0)");
    run(2, "INSERT INTO t (id, slug, on_) VALUES ('c', 'Z\u00fcrich', 1)");
    sync();
    assertSame("t");
    assertSame("log");
    run(1, "REPLACE INTO t (id, slug, on_) VALUES ('n\u00e9w', '\u00dcber', 1)");
    sync();
    assertSame("t");
    assertThat(nodes.app("c").column("SELECT id FROM t ORDER BY slug, id"))
        .containsExactly("c", "b", "n\u00e9w");
    run(0, "UPDATE t SET slug = 'same', on_ = 1 WHERE id = 'b'");
    run(2, "UPDATE t SET slug = 'same', on_ = 1 WHERE id = 'c'");
    sync();
    assertSame("t");
    assertThat(nodes.app("a").column("SELECT id FROM t"))
        .containsExactlyInAnyOrder("b", "n\u00e9w");
    run(1, "UPDATE t SET on_ = 0 WHERE id = 'b'");
    sync();
    assertSame("t");
    assertThat(nodes.app("b").column("SELECT id FROM t")).contains("b", "c");
    List<String> before = exact(0, "t");
    nodes.closeMesh("a");
    MeshSetup.dismantle(nodes.file("a"));
    assertThat(exact(0, "t")).isEqualTo(before);
    assertThat(nodes.app("a").one("SELECT count(*) FROM sqlite_schema WHERE name GLOB '_mesh*'"))
        .isEqualTo("0");
  }

  @Test
  void joinerWithoutADatabaseKeepsItsTextAsUtf8() throws Exception {
    nodes.database(
        "a",
        "PRAGMA encoding = 'UTF-16le'",
        "CREATE TABLE t (k TEXT PRIMARY KEY, \"sp\u00e4t\" TEXT DEFAULT 'd\u00e9f')",
        "INSERT INTO t VALUES ('\u00e4', CAST(x'00d8' AS TEXT)), ('b', 'x')");
    nodes.found("a");
    try (JoinComparison nothing = JoinComparison.with(nodes.file("b"))) {
      assertThat(compared(nothing).onlyThere()).isEqualTo(2);
    }
    nodes.join("b", "a");
    nodes.sync("a", "b");
    assertThat(nodes.app("b").one("PRAGMA encoding")).isEqualTo("UTF-8");
    assertThat(nodes.app("b").column("SELECT hex(sp\u00e4t) FROM t ORDER BY k DESC"))
        .containsExactly("EDA080", "78");
    nodes.app("b").run("INSERT INTO t (k) VALUES ('new')");
    nodes.sync("a", "b");
    assertThat(nodes.app("a").one("SELECT sp\u00e4t FROM t WHERE k = 'new'")).isEqualTo("d\u00e9f");
    try (JoinComparison both = JoinComparison.with(nodes.file("b"))) {
      assertThat(compared(both).same()).isEqualTo(3);
    }
  }

  private JoinComparison.Table compared(JoinComparison comparison) throws Exception {
    PreviewSource preview = nodes.mesh("a").preview();
    for (Optional<PreviewMessage> next = preview.next(); next.isPresent(); next = preview.next()) {
      comparison.on(next.get());
    }
    return comparison.result().get(0);
  }
}
