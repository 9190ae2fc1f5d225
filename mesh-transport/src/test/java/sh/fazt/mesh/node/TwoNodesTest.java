package sh.fazt.mesh.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Founder;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.RosterLimits;

/** Whole nodes over loopback, with applications that write through connections of their own. */
class TwoNodesTest extends LoopbackNodes {
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
    await(() -> laptop.status().verdict() == NodeStatus.Verdict.IN_SYNC);
  }

  @Test
  void nodeThatWasAwayCatchesUp() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    stop(laptop);
    sql("vps", "INSERT INTO t VALUES ('b', 2)");
    sql("laptop", "INSERT INTO t VALUES ('l', 3)");
    MeshNode again = start("laptop");
    sync(again);
    assertThat(sql("vps", "SELECT id FROM t ORDER BY id")).containsExactly("b", "l");
    assertThat(sql("laptop", "SELECT id FROM t ORDER BY id")).containsExactly("b", "l");
  }

  @Test
  void whoWaitsForOthersIsAnsweredWhenTheNodeStops() throws Exception {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    CompletableFuture<SyncReport> answer = vps.sync(Duration.ofHours(1), 1);
    stop(vps);
    assertThat(answer.get(10, TimeUnit.SECONDS).peers()).isEmpty();
  }

  @Test
  void whatPassedEveryTriggerArrivesAfterAWhile() throws Exception {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    try {
      Process shell =
          new ProcessBuilder(
                  "sqlite3",
                  "-cmd",
                  ".dbconfig enable_trigger off",
                  file("vps").toString(),
                  "INSERT INTO t VALUES ('unseen', 1)")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(shell.waitFor()).isZero();
    } catch (IOException e) {
      assumeTrue(false, "sqlite3 is not installed");
    }
    await(() -> sql("laptop", "SELECT id FROM t").contains("unseen"));
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
    Joiner joiner = joiner("laptop", invite(vps));
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
  void aTableThatAJoinerCannotBeToldOfIsNamedToItsOwner() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    InviteCode early = invite(vps);
    for (int i = 0; i <= RosterLimits.INDEXES_MAX; i++) {
      sql("vps", "CREATE INDEX i" + i + " ON t (v)");
    }
    assertThatThrownBy(() -> invite(vps))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_UNSUPPORTED))
        .hasMessage(
            "no joiner can be told how table t is made: it has 33 indexes, and 32 is the most");
    assertThatThrownBy(() -> joiner("one", early).preview())
        .hasMessageContaining("there, fazt mesh invite says which");
    sql("vps", "DROP INDEX i0");
    joiner("one", early).join();
  }

  @Test
  void tokenWorksOnce() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    InviteCode code = invite(vps);
    String url = "https://" + vps.listening();
    InviteCode typed = InviteCode.of(url, code.token().text().toUpperCase(Locale.ROOT));
    joiner("one", typed).join();
    assertThatThrownBy(() -> joiner("two", code).knowing(List.of()).join())
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOKEN_UNKNOWN));
  }

  @Test
  void theSecretOfAnInvitationIsNowhereOnTheInvitersDisk() throws IOException {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    InviteToken token = invite(vps).token();
    String seed = new String(token.seed().toArray(), ISO_8859_1);
    int looked = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, ISO_8859_1);
        assertThat(content.contains(seed) || content.contains(token.text()))
            .as("%s", file)
            .isFalse();
        looked++;
      }
    }
    assertThat(looked).as("database, write-ahead log, keys").isGreaterThan(3);
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
  void joinerTriesEachAddressOfTheInviter() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    InviteCode code = invite(vps);
    List<String> urls = List.of("https://127.0.0.1:1", code.urls().get(0));
    joiner("laptop", new InviteCode(code.token(), urls, 0)).join();
    assertThat(sql("laptop", "SELECT count(*) FROM t")).containsExactly("0");
  }

  @Test
  void rowsThatComeAreTold() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    CompletableFuture<NodeEvent> received = new CompletableFuture<>();
    try (MeshNode.Subscription told =
        vps.events(
            event -> {
              if (event.kind() == NodeEvent.Kind.ROWS_RECEIVED) {
                received.complete(event);
              }
            })) {
      sql("laptop", "INSERT INTO t VALUES ('a', 1), ('b', 2)");
      NodeEvent event = received.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
      assertThat(event.subject()).isEqualTo("laptop");
      assertThat(event.count()).isEqualTo(2);
      assertThat(told).isNotNull();
    }
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

  @Test
  void tableThatIsNamedTwiceIsOne() {
    sql("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    Founder.of(file("vps"), persona).replicating("t", "t").found();
    MeshNode vps = start("vps");
    vps.untrack("t", "t");
    vps.track("t", "t");
    assertThatThrownBy(() -> vps.allowDeletes("t", "t"))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_UNKNOWN));
    assertThatThrownBy(() -> vps.undoDeletes("t", "t")).isInstanceOf(MeshException.class);
    assertThat(vps.status().figures().tables()).isOne();
  }
}
