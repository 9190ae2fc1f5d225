package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.roster.PreviewMessage.TableText;
import sh.fazt.mesh.store.Database;

/** An inviter can have tables made, and nothing else. */
class TableMakerTest {
  @TempDir Path folder;

  private void make(TableText... texts) {
    try (Database database = Database.create(folder.resolve("x.db"))) {
      database.write(
          () -> {
            List.of(texts).forEach(text -> TableMaker.make(database, text));
            return true;
          });
    }
  }

  private static TableText text(String name, String sql, String... indexes) {
    return new TableText(name, sql, List.of(indexes), List.of());
  }

  @Test
  void whatSqliteDescribesIsMade() {
    Path source = folder.resolve("source.db");
    try (PlainSql app = new PlainSql(source)) {
      app.run(
          "CREATE TABLE IF NOT EXISTS plain (id TEXT PRIMARY KEY)",
          "create unique index main.\"i x\" on PLAIN(id)",
          "CREATE TABLE \"sp ace\"\"q\"(\n id TEXT PRIMARY KEY) WITHOUT ROWID",
          "CREATE INDEX [i2] ON \"sp ace\"\"q\" (id) WHERE id > 'x'",
          "CREATE TABLE [br]\n(id TEXT PRIMARY KEY)",
          "CREATE TABLE ünï/* odd */(id TEXT PRIMARY KEY)",
          "CREATE TABLE ren (id TEXT PRIMARY KEY)",
          "ALTER TABLE ren RENAME TO renamed");
      for (String name : app.column("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
        List<String> indexes =
            app.column(
                "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL AND tbl_name ="
                    + " '"
                    + name
                    + "'");
        String sql = app.one("SELECT sql FROM sqlite_schema WHERE name = '" + name + "'");
        make(text(name, sql, indexes.toArray(String[]::new)));
      }
    }
    try (PlainSql app = new PlainSql(folder.resolve("x.db"))) {
      assertThat(app.column("SELECT name FROM sqlite_schema WHERE sql NOT NULL")).hasSize(7);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE t AS SELECT 1",
        "CREATE TABLE t\nAS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT x FROM c",
        "CREATE TABLE other (id TEXT PRIMARY KEY)",
        "CREATE TABLE _mesh_meta (id TEXT PRIMARY KEY)",
        "CREATE TABLE main.t (id TEXT PRIMARY KEY)",
        "CREATE TEMP TABLE t (id TEXT PRIMARY KEY)",
        "CREATE TABLE IF NOT EXISTS t (id TEXT PRIMARY KEY)",
        "CREATE TRIGGER t AFTER INSERT ON t BEGIN SELECT 1; END",
        "DROP TABLE t",
        "PRAGMA writable_schema = ON"
      })
  void nothingElseIsExecuted(String sql) {
    assertThatThrownBy(() -> make(text("t", sql))).isInstanceOf(MeshException.class);
    try (PlainSql app = new PlainSql(folder.resolve("x.db"))) {
      assertThat(app.column("SELECT name FROM sqlite_schema")).isEmpty();
    }
  }

  @Test
  void ownNamesAndForeignTablesAreRefused() {
    String sql = "CREATE TABLE t (id TEXT PRIMARY KEY)";
    for (String name : List.of("_mesh_meta", "_MESH_batch", "mesh_conflicts", "sqlite_sequence")) {
      assertThatThrownBy(() -> make(text(name, sql.replace(" t ", " " + name + " "))))
          .isInstanceOf(MeshException.class);
    }
    for (String index :
        List.of(
            "CREATE INDEX i ON other (id)",
            "CREATE INDEX _mesh_batch_dot ON t (id)",
            "CREATE TABLE i (id)",
            "CREATE INDEX i ON t (id); DROP TABLE t",
            "DROP TABLE t")) {
      if (!index.contains(";")) {
        assertThatThrownBy(() -> make(text("t", sql, index))).isInstanceOf(MeshException.class);
      }
    }
    make(text("t", sql, "CREATE INDEX i ON t (id); DROP TABLE t"));
    try (PlainSql app = new PlainSql(folder.resolve("x.db"))) {
      assertThat(app.column("SELECT name FROM sqlite_schema WHERE sql NOT NULL"))
          .containsExactly("t", "i");
    }
  }
}
