package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.output.Json;

/** Two nodes on one machine, from the first command to the last, each command a process. */
final class EndToEndTest {
  private static final String TABLES =
      """
      CREATE TABLE files (site_id TEXT, path TEXT, content BLOB, PRIMARY KEY (site_id, path));
      CREATE TABLE apps (id TEXT PRIMARY KEY, title TEXT);
      CREATE TABLE app_kv (app_id TEXT, key TEXT, value TEXT, PRIMARY KEY (app_id, key));
      CREATE TABLE app_docs (app_id TEXT, collection TEXT, id TEXT, data TEXT,
        PRIMARY KEY (app_id, collection, id));
      CREATE TABLE configurations (key TEXT PRIMARY KEY, value TEXT);
      """;

  @TempDir private Path folder;
  private FaztProcess fazt;
  private SqliteFile vps;
  private SqliteFile laptop;
  private String url;

  @BeforeEach
  void server() throws Exception {
    fazt = new FaztProcess(folder);
    vps = new SqliteFile(folder.resolve("vps.db"));
    laptop = new SqliteFile(folder.resolve("laptop.db"));
    vps.run(TABLES);
    vps.run("INSERT INTO apps VALUES ('blog', 'Blog')");
    vps.run("INSERT INTO files VALUES ('blog', 'index.html', x'3c68313e')");
    vps.run("INSERT INTO configurations VALUES ('secret', 'of the server')");
    url = fazt.found("vps.db");
  }

  @AfterEach
  void stopDaemons() {
    fazt.stopDaemons();
  }

  @Test
  void aDatabaseWithRowsJoinsAndBothKeepTheirs() throws Exception {
    laptop.run(TABLES);
    laptop.run("INSERT INTO apps VALUES ('draft', 'Draft')");
    laptop.run("INSERT INTO configurations VALUES ('secret', 'of the laptop')");
    fazt.join("laptop.db", "vps.db", url);
    assertThat(copies()).hasSize(1);
    roundTrip();
    assertThat(vps.rows("SELECT id FROM apps ORDER BY id")).containsExactly("blog", "draft");
    assertThat(laptop.rows("SELECT value FROM configurations")).containsExactly("of the laptop");
    leave();
    assertThat(laptop.rows("SELECT id FROM apps ORDER BY id")).containsExactly("blog", "draft");
  }

  @Test
  void anEmptyDatabaseJoinsAndReceivesAll() throws Exception {
    laptop.run(TABLES);
    fazt.join("laptop.db", "vps.db", url);
    assertThat(copies()).isEmpty();
    roundTrip();
    leave();
  }

  @Test
  void anAbsentDatabaseGetsTheTablesOfItsInviter() throws Exception {
    fazt.join("laptop.db", "vps.db", url);
    roundTrip();
    leave();
  }

  private void roundTrip() throws Exception {
    Json.Obj status = fazt.status("laptop.db");
    assertThat(status.object("node").text("name")).isEqualTo("laptop");
    assertThat(status.object("daemon").flag("running")).isTrue();
    assertThat(status.objects("peers")).hasSize(1);
    assertThat(status.objects("peers").get(0).text("name")).isEqualTo("vps");
    laptop.run("INSERT INTO app_kv VALUES ('blog', 'theme', 'dark')");
    fazt.run("mesh sync --db laptop.db --timeout 30s").succeeds();
    assertThat(vps.rows("SELECT value FROM app_kv")).containsExactly("dark");
    vps.run("UPDATE files SET content = x'00' WHERE site_id = 'blog'");
    fazt.run("mesh sync --db laptop.db --timeout 30s").succeeds();
    assertThat(laptop.rows("SELECT hex(content) FROM files")).containsExactly("00");
  }

  private void leave() throws Exception {
    fazt.run("mesh leave --db laptop.db --yes").succeeds();
    assertThat(laptop.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%mesh_%'")).isEmpty();
    assertThat(laptop.rows("SELECT value FROM app_kv")).containsExactly("dark");
    assertThat(fazt.run("mesh status --db laptop.db").exit()).isEqualTo(1);
    List<Json.Obj> left = fazt.status("vps.db").objects("peers");
    assertThat(left).isEmpty();
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().contains(".before-join-")).toList();
    }
  }
}
