package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** Nodes whose files were put back to an older state, over loopback. */
class RestoredNodeTest extends LoopbackNodes {
  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  @Test
  void nodeThatWasPutBackGoesOnAsANewIncarnation() throws IOException {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sql("laptop", "INSERT INTO t VALUES ('a', 1)");
    sync(laptop);
    stop(laptop);
    Path mark = folder.resolve("laptop.db.mesh").resolve("high-water");
    copy(file("laptop"), folder.resolve("kept.db"));
    copy(mark, folder.resolve("kept.mark"));
    laptop = start("laptop");
    sql("laptop", "INSERT INTO t VALUES ('b', 2)");
    sync(laptop);
    stop(laptop);
    copy(folder.resolve("kept.db"), file("laptop"));
    copy(folder.resolve("kept.mark"), mark);
    MeshNode again = start("laptop");
    sync(again);
    await(() -> incarnation(again) == 2);
    sync(again);
    assertThat(sql("laptop", "SELECT id FROM t ORDER BY id")).containsExactly("a", "b");
    sql("laptop", "INSERT INTO t VALUES ('c', 3)");
    sync(again);
    assertThat(sql("vps", "SELECT id FROM t ORDER BY id")).containsExactly("a", "b", "c");
  }

  private void keep(String name, String copy) throws IOException {
    copy(file(name), folder.resolve(copy + ".kept"));
    copy(folder.resolve(name + ".db.mesh").resolve("high-water"), folder.resolve(copy + ".mark"));
  }

  private void putBack(String name, String copy) throws IOException {
    copy(folder.resolve(copy + ".kept"), file(name));
    copy(folder.resolve(copy + ".mark"), folder.resolve(name + ".db.mesh").resolve("high-water"));
  }

  /** Keys and all, then written to, and met a peer that had not heard of what was lost. */
  @Test
  void whatWasWrittenOnEitherBranchReachesAll() throws IOException {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    String laptopsAddress = laptop.listening();
    MeshNode phone = join("phone", laptop);
    sql("laptop", "INSERT INTO t VALUES ('a', 1)");
    sync(laptop);
    sync(phone);
    stop(laptop);
    keep("laptop", "first");
    stop(phone);
    laptop = start("laptop");
    for (String id : List.of("b", "c", "d", "e", "f")) {
      sql("laptop", "INSERT INTO t VALUES ('" + id + "', 2)");
      sync(laptop);
    }
    stop(laptop);
    String address = vps.listening();
    stop(vps);
    putBack("laptop", "first");
    laptop = startAt("laptop", laptopsAddress);
    MeshNode again = start("phone");
    sql("laptop", "INSERT INTO t VALUES ('g', 3)");
    await(() -> sql("phone", "SELECT id FROM t").contains("g"));
    sql("phone", "INSERT INTO t VALUES ('h', 4)", "UPDATE t SET v = 5 WHERE id = 'g'");
    sync(again);
    startAt("vps", address);
    List<String> all = List.of("a1", "b2", "c2", "d2", "e2", "f2", "g5", "h4");
    for (String name : List.of("vps", "laptop", "phone")) {
      await(() -> sql(name, "SELECT id || v FROM t ORDER BY id").equals(all));
    }
    MeshNode restored = laptop;
    await(() -> incarnation(restored) == 2);
    for (MeshNode node : nodes) {
      await(() -> node.status().verdict() == NodeStatus.Verdict.IN_SYNC);
    }
  }

  /**
   * Each copy knows less than the others of who has forked where, and holds of no branch what the
   * others' batches were written on.
   */
  @Test
  void olderAndOlderCopiesOfTwoNodesComeBackInTurn() throws IOException {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    join("laptop", vps);
    join("phone", vps);
    Map<String, String> addresses = new HashMap<>();
    for (MeshNode node : nodes) {
      addresses.put(node.status().name(), node.listening());
    }
    List<String> written = new ArrayList<>();
    for (String copy : List.of("first", "second", "third")) {
      for (String name : List.of("vps", "laptop", "phone")) {
        write(name, written);
      }
      awaitEverywhere(written);
      for (String name : List.of("vps", "laptop")) {
        restart(name, addresses, () -> keep(name, name + copy));
      }
    }
    for (String copy : List.of("second", "first", "second")) {
      for (String name : List.of("laptop", "vps")) {
        restart(name, addresses, () -> putBack(name, name + copy));
        write(name, written);
        write("phone", written);
        awaitEverywhere(written);
      }
    }
  }

  private void write(String name, List<String> written) {
    String id = name + written.size();
    sql(
        name,
        "INSERT INTO t VALUES ('" + id + "', '')",
        "INSERT OR REPLACE INTO t VALUES ('x', '" + id + "')");
    written.add(id);
  }

  private void awaitEverywhere(List<String> written) {
    List<String> ids = Stream.concat(written.stream(), Stream.of("x")).sorted().toList();
    String query = "SELECT id || CASE id WHEN 'x' THEN v ELSE '' END FROM t ORDER BY id";
    await(
        () -> {
          List<String> rows = sql("vps", query);
          return sql("vps", "SELECT id FROM t ORDER BY id").equals(ids)
              && sql("laptop", query).equals(rows)
              && sql("phone", query).equals(rows);
        });
  }

  private interface Change {
    void run() throws IOException;
  }

  private void restart(String name, Map<String, String> addresses, Change change)
      throws IOException {
    nodes.stream()
        .filter(node -> node.status().name().equals(name))
        .findFirst()
        .ifPresent(this::stop);
    change.run();
    startAt(name, addresses.get(name));
  }

  @Test
  void nodeThatCannotGoOnSaysSoAndClosesCleanly() throws Exception {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    stop(laptop);
    Path mark = folder.resolve("laptop.db.mesh").resolve("high-water");
    Path key = mark.resolveSibling("node.key");
    copy(file("laptop"), folder.resolve("kept.db"));
    boolean marked = Files.exists(mark);
    laptop = start("laptop");
    sql("laptop", "INSERT INTO t VALUES ('b', 2)");
    sync(laptop);
    stop(laptop);
    String address = vps.listening();
    stop(vps);
    copy(folder.resolve("kept.db"), file("laptop"));
    Files.delete(mark);
    assertThat(marked).as("nothing was signed before the copy").isFalse();
    MeshNode again = start("laptop");
    Files.move(key, folder.resolve("kept.key"));
    startAt("vps", address);
    assertThat(again.failure().get(30, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.KEYS_MISSING));
    assertThatThrownBy(again::status).isInstanceOf(RuntimeException.class);
    stop(again);
    Files.move(folder.resolve("kept.key"), key);
    assertThat(incarnation(start("laptop"))).isEqualTo(2);
  }

  /** A program writes for longer than anybody waits, just then. */
  @Test
  void nodeThatCannotOpenItsDatabaseAgainJustNowDoesSoLater() throws Exception {
    MeshNode laptop = laptopWithABackup();
    try (Connection program = DriverManager.getConnection("jdbc:sqlite:" + file("laptop"));
        Statement statement = program.createStatement()) {
      laptop
          .ask(
              mesh -> {
                restoreUnder(mesh);
                return beginToWrite(statement);
              })
          .join();
      await(() -> isBusy(laptop));
      statement.execute("COMMIT");
    }
    await(() -> !isBusy(laptop) && incarnation(laptop) == 2);
    for (String name : List.of("vps", "laptop")) {
      await(() -> sql(name, "SELECT id FROM t ORDER BY id").equals(List.of("a", "b", "c")));
    }
  }

  /** A node that has written and told of more than its backup holds. */
  private MeshNode laptopWithABackup() {
    MeshNode laptop = join("laptop", found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)"));
    sql("laptop", "INSERT INTO t VALUES ('a', 1)");
    sync(laptop);
    sql("laptop", "backup to " + folder.resolve("kept.db"));
    sql("laptop", "INSERT INTO t VALUES ('b', 2)");
    sync(laptop);
    return laptop;
  }

  private void restoreUnder(Mesh mesh) {
    sql("laptop", "restore from " + folder.resolve("kept.db"));
    assertThatThrownBy(() -> mesh.untrack(Set.of("t")))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("older copy");
  }

  private static boolean beginToWrite(Statement statement) {
    try {
      statement.execute("BEGIN IMMEDIATE");
      return statement.execute("INSERT INTO t VALUES ('c', 3)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isBusy(MeshNode node) {
    try {
      node.status();
      return false;
    } catch (MeshException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_BUSY);
      return true;
    }
  }

  @Test
  void nodeWhoseFileIsGoneOrAnotherEnds() throws Exception {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    copy(file("vps"), folder.resolve("other.db"));
    Files.delete(file("laptop"));
    Files.move(folder.resolve("other.db"), file("vps"), StandardCopyOption.REPLACE_EXISTING);
    for (MeshNode node : List.of(vps, laptop)) {
      assertThat(node.failure().get(30, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_DATABASE));
      stop(node);
    }
  }

  private static int incarnation(MeshNode node) {
    return node.ask(mesh -> mesh.site().incarnation()).join();
  }

  /**
   * As {@code sqlite3 laptop.db ".restore kept.db"} does under a running node, where a write of the
   * node's own meets it before the watch does.
   */
  @Test
  void olderCopyThatAWriteMeetsFirstIsOpenedAgain() {
    MeshNode laptop = laptopWithABackup();
    laptop
        .ask(
            mesh -> {
              restoreUnder(mesh);
              return true;
            })
        .join();
    await(() -> incarnation(laptop) == 2);
    sql("laptop", "INSERT INTO t VALUES ('c', 3)");
    sync(laptop);
    for (String name : List.of("vps", "laptop")) {
      assertThat(sql(name, "SELECT id FROM t ORDER BY id")).containsExactly("a", "b", "c");
    }
  }
}
