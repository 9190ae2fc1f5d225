package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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
      CREATE TABLE configurations (key TEXT PRIMARY KEY, value TEXT)
      """;

  @TempDir private Path folder;
  private FaztProcess fazt;
  private String url;

  @BeforeEach
  void server() throws Exception {
    fazt = new FaztProcess(folder);
    int port;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    url = "https://127.0.0.1:" + port;
    sql("vps.db", TABLES);
    sql("vps.db", "INSERT INTO apps VALUES ('blog', 'Blog')");
    sql("vps.db", "INSERT INTO files VALUES ('blog', 'index.html', x'3c68313e')");
    sql("vps.db", "INSERT INTO configurations VALUES ('secret', 'of the server')");
    fazt.run("mesh init --db vps.db --name vps --listen 127.0.0.1:" + port + " --yes").succeeds();
    fazt.run("mesh daemon --db vps.db --detach").succeeds();
  }

  @AfterEach
  void stopDaemons() throws Exception {
    for (String database : List.of("vps.db", "laptop.db")) {
      if (Files.exists(folder.resolve(database + ".mesh"))) {
        fazt.run("mesh daemon --stop --db " + database);
      }
    }
  }

  @Test
  void aDatabaseWithRowsJoinsAndBothKeepTheirs() throws Exception {
    sql("laptop.db", TABLES);
    sql("laptop.db", "INSERT INTO apps VALUES ('draft', 'Draft')");
    sql("laptop.db", "INSERT INTO configurations VALUES ('secret', 'of the laptop')");
    join();
    assertThat(copies()).hasSize(1);
    roundTrip();
    assertThat(rows("vps.db", "SELECT id FROM apps ORDER BY id")).containsExactly("blog", "draft");
    assertThat(rows("laptop.db", "SELECT value FROM configurations"))
        .containsExactly("of the laptop");
    leave();
    assertThat(rows("laptop.db", "SELECT id FROM apps ORDER BY id"))
        .containsExactly("blog", "draft");
  }

  @Test
  void anEmptyDatabaseJoinsAndReceivesAll() throws Exception {
    sql("laptop.db", TABLES);
    join();
    assertThat(copies()).isEmpty();
    roundTrip();
    leave();
  }

  @Test
  void anAbsentDatabaseGetsTheTablesOfItsInviter() throws Exception {
    join();
    roundTrip();
    leave();
  }

  @Test
  void aTokenAdmitsOnce() throws Exception {
    String token = token();
    fazt.run("mesh join " + url + " --db laptop.db --name laptop --token " + token + " --yes")
        .succeeds();
    FaztProcess.Result second =
        fazt.run("mesh join " + url + " --db other.db --name other --token " + token + " --yes");
    assertThat(second.exit()).isEqualTo(4);
    assertThat(folder.resolve("other.db")).doesNotExist();
  }

  @Test
  void aSecondDaemonNamesTheFirst() throws Exception {
    long pid = status("vps.db").object("daemon").whole("pid");
    FaztProcess.Result second = fazt.run("mesh daemon --db vps.db");
    assertThat(second.exit()).isEqualTo(1);
    assertThat(second.err()).contains("pid " + pid);
  }

  private String token() throws Exception {
    String token = fazt.run("mesh invite --db vps.db -q").succeeds().out().strip();
    assertThat(token).startsWith("fmj1-").doesNotContain("\n");
    return token;
  }

  private void join() throws Exception {
    fazt.run("mesh join " + url + " --db laptop.db --name laptop --token " + token() + " --yes")
        .succeeds();
  }

  private void roundTrip() throws Exception {
    Json.Obj status = status("laptop.db");
    assertThat(status.object("node").text("name")).isEqualTo("laptop");
    assertThat(status.object("daemon").flag("running")).isTrue();
    assertThat(status.objects("peers")).hasSize(1);
    assertThat(status.objects("peers").get(0).text("name")).isEqualTo("vps");
    sql("laptop.db", "INSERT INTO app_kv VALUES ('blog', 'theme', 'dark')");
    fazt.run("mesh sync --db laptop.db --timeout 30s").succeeds();
    assertThat(rows("vps.db", "SELECT value FROM app_kv")).containsExactly("dark");
    sql("vps.db", "UPDATE files SET content = x'00' WHERE site_id = 'blog'");
    fazt.run("mesh sync --db laptop.db --timeout 30s").succeeds();
    assertThat(rows("laptop.db", "SELECT hex(content) FROM files")).containsExactly("00");
  }

  private void leave() throws Exception {
    fazt.run("mesh leave --db laptop.db --yes").succeeds();
    assertThat(rows("laptop.db", "SELECT name FROM sqlite_schema WHERE name LIKE '%mesh_%'"))
        .isEmpty();
    assertThat(rows("laptop.db", "SELECT value FROM app_kv")).containsExactly("dark");
    assertThat(fazt.run("mesh status --db laptop.db").exit()).isEqualTo(1);
  }

  private Json.Obj status(String database) throws Exception {
    return fazt.run("mesh status --db " + database + " --format json").succeeds().json();
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().contains(".before-join-")).toList();
    }
  }

  private void sql(String database, String statements) throws SQLException {
    try (Connection connection = open(database);
        Statement statement = connection.createStatement()) {
      for (String each : statements.split(";", -1)) {
        if (!each.isBlank()) {
          statement.execute(each);
        }
      }
    }
  }

  private List<String> rows(String database, String query) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = open(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  private Connection open(String database) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(database));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA busy_timeout = 5000");
    }
    return connection;
  }
}
