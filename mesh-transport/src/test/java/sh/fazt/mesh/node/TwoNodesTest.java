package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.MeshSetup;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.schema.ReplicationPlan;
import sh.fazt.mesh.store.PersonaFile.Persona;

/** Whole nodes over loopback, with applications that write through connections of their own. */
class TwoNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final Persona persona =
      new Persona(SigningKey.generate(Ambient.system().chance()), "jay");
  private final List<MeshNode> nodes = new ArrayList<>();

  @AfterEach
  void closeNodes() {
    nodes.forEach(MeshNode::close);
  }

  private Path file(String name) {
    return folder.resolve(name + ".db");
  }

  private List<String> sql(String name, String... statements) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file(name));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      List<String> rows = new ArrayList<>();
      for (String each : statements) {
        rows.clear();
        if (statement.execute(each)) {
          try (ResultSet results = statement.getResultSet()) {
            while (results.next()) {
              rows.add(results.getString(1));
            }
          }
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private MeshNode start(String name) {
    MeshNode node = MeshNode.start(NodeConfig.of(file(name)).listeningOn("127.0.0.1:0"));
    nodes.add(node);
    return node;
  }

  private MeshNode found(String name, String... statements) {
    sql(name, "PRAGMA journal_mode = WAL");
    sql(name, statements);
    MeshSetup.found(
        file(name),
        persona,
        name,
        new ReplicationPlan.Choice.All(),
        Optional.empty(),
        Ambient.system(),
        rows -> {});
    return start(name);
  }

  private Joiner joiner(String name, MeshNode server, String token) {
    return new Joiner(
        file(name), server.listening(), InviteToken.parse(token), persona, name, Ambient.system());
  }

  private String invite(MeshNode node) {
    return node.invite(persona.key(), Duration.ofMinutes(1), Role.FULL).join().token();
  }

  private MeshNode join(String name, MeshNode server) {
    Joiner joiner = joiner(name, server, invite(server));
    joiner.join(joiner.preview().texts(), new MeshSetup.JoinWish(name, Optional.empty(), Set.of()));
    return start(name);
  }

  private static SyncReport sync(MeshNode node) {
    return node.sync(Optional.empty(), PATIENCE, 0).join();
  }

  @Test
  void writesTravelBothWaysWhileBothRun() {
    MeshNode vps =
        found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)", "INSERT INTO t VALUES ('a', 1)");
    MeshNode laptop = join("laptop", vps);
    assertThat(sync(laptop).peers())
        .extracting(p -> p.state())
        .containsExactly(SyncReport.State.SYNCED);
    assertThat(sql("laptop", "SELECT v FROM t")).containsExactly("1");
    sql("vps", "INSERT INTO t VALUES ('b', 2)");
    sql("laptop", "UPDATE t SET v = 9 WHERE id = 'a'");
    sync(vps);
    sync(laptop);
    sync(vps);
    assertThat(sql("vps", "SELECT id || v FROM t ORDER BY id")).containsExactly("a9", "b2");
    assertThat(sql("laptop", "SELECT id || v FROM t ORDER BY id")).containsExactly("a9", "b2");
    assertThat(laptop.status().verdict()).isEqualTo(NodeStatus.Verdict.IN_SYNC);
  }

  @Test
  void nodeThatWasAwayCatchesUp() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    nodes.remove(laptop);
    laptop.close();
    sql("vps", "INSERT INTO t VALUES ('b', 2)");
    sql("laptop", "INSERT INTO t VALUES ('l', 3)");
    MeshNode again = start("laptop");
    sync(again);
    assertThat(sql("vps", "SELECT id FROM t ORDER BY id")).containsExactly("b", "l");
    assertThat(sql("laptop", "SELECT id FROM t ORDER BY id")).containsExactly("b", "l");
  }

  @Test
  void largeValuesTravelInParts() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    sql("vps", "INSERT INTO t VALUES ('big', randomblob(5000000))");
    sync(vps);
    assertThat(sql("laptop", "SELECT length(v) FROM t")).containsExactly("5000000");
  }

  @Test
  void previewComparesAndSpendsNothing() {
    MeshNode vps =
        found(
            "vps",
            "CREATE TABLE t (id TEXT PRIMARY KEY, v)",
            "INSERT INTO t VALUES ('a', 1), ('b', 2), ('c', 3)");
    sql(
        "laptop",
        "CREATE TABLE t (id TEXT PRIMARY KEY, v)",
        "INSERT INTO t VALUES ('a', 1), ('b', 7), ('l', 4)");
    Joiner joiner = joiner("laptop", vps, invite(vps));
    for (int i = 0; i < 2; i++) {
      assertThat(joiner.preview().tables())
          .singleElement()
          .satisfies(
              table -> {
                assertThat(table.onlyHere()).isEqualTo(1);
                assertThat(table.onlyThere()).isEqualTo(1);
                assertThat(table.same()).isEqualTo(1);
                assertThat(table.different()).isEqualTo(1);
              });
    }
    assertThat(file("laptop").resolveSibling("laptop.db.mesh")).doesNotExist();
  }

  @Test
  void tokenWorksOnce() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    String token = invite(vps);
    MeshSetup.JoinWish wish = new MeshSetup.JoinWish("x", Optional.empty(), Set.of());
    joiner("one", vps, token).join(List.of(), wish);
    assertThatThrownBy(() -> joiner("two", vps, token).join(List.of(), wish))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOKEN_UNKNOWN));
  }

  @Test
  void leavingLeavesAnOrdinaryDatabase() {
    MeshNode vps =
        found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)", "INSERT INTO t VALUES ('a', 1)");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    laptop.leave(Duration.ofSeconds(5)).join();
    assertThat(sql("laptop", "SELECT name FROM sqlite_schema WHERE name LIKE '%mesh%'")).isEmpty();
    assertThat(sql("laptop", "SELECT id FROM t")).containsExactly("a");
    assertThat(file("laptop").resolveSibling("laptop.db.mesh")).doesNotExist();
  }

  @Test
  void secondNodeOnOneDatabaseIsRefused() {
    found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    assertThatThrownBy(() -> start("vps"))
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_OPEN);
              assertThat(e).hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
            });
  }
}
