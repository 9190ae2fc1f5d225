package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.output.Json;

/** What goes wrong between real processes: each time one message, its code, and nothing changed. */
final class BadInputTest {
  @TempDir private Path folder;
  private FaztProcess fazt;

  @BeforeEach
  void machine() throws Exception {
    fazt = new FaztProcess(folder);
    notes("vps.db").run("INSERT INTO notes VALUES ('a', 'of the vps')");
  }

  private SqliteFile notes(String database) throws Exception {
    SqliteFile file = new SqliteFile(folder.resolve(database));
    file.run("CREATE TABLE notes (id TEXT PRIMARY KEY, text TEXT)");
    return file;
  }

  @AfterEach
  void stopDaemons() {
    fazt.stopDaemons();
  }

  @Test
  void noDatabase() throws Exception {
    assertThat(fazt.run("mesh init --db none.db --no-phrase --json").failsWith(1, "NO_DATABASE"))
        .contains("none.db");
    assertThat(folder.resolve("none.db")).doesNotExist();
    assertThat(folder.resolve("none.db.mesh")).doesNotExist();
  }

  @Test
  void aWrongPathNamesTheDatabasesThatAreThere() throws Exception {
    for (String wrong : List.of("vsp.db", ".")) {
      FaztProcess.Result result = fazt.run("mesh status --db " + wrong);
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains("Name one that is there: --db vps.db.");
    }
  }

  @Test
  void aFileThatIsNoDatabase() throws Exception {
    Path text = Files.writeString(folder.resolve("letter.txt"), "Dear SQLite,\n".repeat(1000));
    assertThat(
            fazt.run("mesh init --db letter.txt --no-phrase --json").failsWith(1, "NOT_A_DATABASE"))
        .contains("letter.txt");
    fazt.run("mesh status --db letter.txt --json").failsWith(1, "NOT_A_DATABASE");
    assertThat(text).hasContent("Dear SQLite,\n".repeat(1000));
    assertThat(folder.resolve("letter.txt.mesh")).doesNotExist();
  }

  @Test
  void aDatabaseInNoMesh() throws Exception {
    fazt.run("mesh status --db vps.db --json").failsWith(1, "NOT_INITIALIZED");
    fazt.run("mesh daemon --db vps.db --json").failsWith(1, "NOT_INITIALIZED");
    fazt.run("mesh leave --db vps.db --yes --json").failsWith(1, "NOT_INITIALIZED");
    assertThat(folder.resolve("vps.db.mesh")).doesNotExist();
  }

  @Test
  void aMistypedTokenIsNamedByItsGroupAndNothingIsSent() throws Exception {
    fazt.run("mesh init --db vps.db --name vps --yes").succeeds();
    String token = fazt.token("vps.db");
    String[] groups = token.split("-", -1);
    groups[3] = (groups[3].charAt(0) == '7' ? "8" : "7") + groups[3].substring(1);
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "https://127.0.0.1:" + listener.getLocalPort();
      String message =
          fazt.joining("laptop.db", url, String.join("-", groups)).failsWith(2, "TOKEN_MALFORMED");
      assertThat(message).contains("group 3 of").contains(groups[3]);
      listener.setSoTimeout(1);
      assertThat(connectionOf(listener)).isFalse();
    }
  }

  private static boolean connectionOf(ServerSocket listener) throws Exception {
    try {
      listener.accept().close();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Test
  void tokensThatAdmitNobody() throws Exception {
    String url = fazt.found("vps.db");
    String expired = fazt.run("mesh invite --db vps.db -q --ttl 1ms").succeeds().out().strip();
    assertThat(fazt.joining("laptop.db", url, expired).failsWith(4, "TOKEN_EXPIRED"))
        .contains("expired");
    String revoked = fazt.token("vps.db");
    fazt.run("mesh invite --db vps.db --revoke").succeeds();
    fazt.joining("laptop.db", url, revoked).failsWith(4, "TOKEN_UNKNOWN");
    String used = fazt.token("vps.db");
    fazt.joining("laptop.db", url, used).succeeds();
    fazt.joining("tablet.db", url, used).failsWith(4, "TOKEN_UNKNOWN");
    assertThat(folder.resolve("tablet.db")).doesNotExist();
    assertThat(fazt.status("vps.db").objects("peers")).hasSize(1);
  }

  @Test
  void aNameThatIsTakenIsRefusedWhereSomebodyChoseItAndNumberedWhereNobodyDid() throws Exception {
    String url = fazt.found("vps.db");
    String token = fazt.token("vps.db");
    String join = "mesh join " + url + " --yes --json --listen 127.0.0.1:0 --token " + token;
    assertThat(fazt.run(join + " --db a.db --name VPS").failsWith(2, "NAME_TAKEN"))
        .contains("called VPS already");
    assertThat(folder.resolve("a.db")).doesNotExist();
    String first = name(fazt.run(join + " --db a.db").succeeds().json());
    String again = "mesh join " + url + " --yes --json --listen 127.0.0.1:0 --token ";
    Json.Obj second = fazt.run(again + fazt.token("vps.db") + " --db b.db").succeeds().json();
    assertThat(name(second)).isEqualTo(first + "-2");
    fazt.run("mesh sync " + first + "-2 --db vps.db").succeeds();
  }

  private static String name(Json.Obj joined) {
    return joined.object("node").text("name");
  }

  @Test
  void anInvitationWithoutAnAddress() throws Exception {
    fazt.run("mesh init --db vps.db --name vps --yes --listen 127.0.0.1:0").succeeds();
    assertThat(fazt.run("mesh invite --db vps.db --json").failsWith(3, "DAEMON_NOT_RUNNING"))
        .contains("127.0.0.1:0");
    fazt.run("mesh invite --db vps.db --url https://vps.example.com:8443").succeeds();
    fazt.run("mesh daemon --detach --db vps.db").succeeds();
    assertThat(fazt.run("mesh invite --db vps.db").succeeds().out()).doesNotContain(":0 ");
  }

  @Test
  void aTableThatIsNotThereHasNoLog() throws Exception {
    fazt.run("mesh init --db vps.db --name vps --yes").succeeds();
    assertThat(fazt.run("mesh log --db vps.db --table nope --json").failsWith(2, "TABLE_UNKNOWN"))
        .contains("nope");
    Json.Obj log = fazt.run("mesh log --db vps.db --table NOTES --json").succeeds().json();
    assertThat(log.objects("entries").get(0).text("hash")).matches("[0-9a-f]{64}");
  }

  @Test
  void aServerThatIsNotTheOneInTheToken() throws Exception {
    fazt.found("vps.db");
    notes("other.db");
    String url = fazt.found("other.db");
    String message =
        fazt.joining("laptop.db", url, fazt.token("vps.db")).failsWith(4, "PEER_KEY_MISMATCH");
    assertThat(message).contains("nothing was sent");
    assertThat(folder.resolve("laptop.db")).doesNotExist();
  }

  @Test
  void nobodyAnswers() throws Exception {
    fazt.run("mesh init --db vps.db --name vps --yes").succeeds();
    String url = "https://127.0.0.1:" + FaztProcess.freePort();
    assertThat(
            fazt.joining("laptop.db", url, fazt.token("vps.db")).failsWith(5, "PEER_UNREACHABLE"))
        .contains("tcp");
  }

  @Test
  void aPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      fazt.run("mesh init --db vps.db --name vps --yes --listen " + address).succeeds();
      assertThat(fazt.run("mesh daemon --db vps.db --json").failsWith(1, "PORT_IN_USE"))
          .contains("port " + taken.getLocalPort())
          .contains("taken by process " + ProcessHandle.current().pid() + " (java)");
      FaztProcess.Result behind = fazt.run("mesh daemon --detach --db vps.db --json");
      assertThat(behind.failsWith(1, "PORT_IN_USE")).contains(String.valueOf(taken.getLocalPort()));
      assertThat(behind.out())
          .contains("fazt mesh daemon --detach --listen 127.0.0.1:0 --db vps.db");
    }
    fazt.run("mesh daemon --detach --db vps.db").succeeds();
  }

  @Test
  void aDaemonWhoseFileIsGoneEndsOrIsStopped() throws Exception {
    fazt.found("vps.db");
    ProcessHandle daemon = fazt.daemon("vps.db");
    Files.move(folder.resolve("vps.db"), folder.resolve("elsewhere.db"));
    // It may have noticed by itself already.
    FaztProcess.Result stopped = fazt.run("mesh daemon --stop --db vps.db --json");
    assertThat(stopped.exit() == 0 || stopped.out().contains("NO_DATABASE")).isTrue();
    daemon.onExit().get(30, TimeUnit.SECONDS);
    assertThat(folder.resolve("vps.db")).doesNotExist();
    fazt.run("mesh daemon --stop --db vps.db --json").failsWith(1, "NO_DATABASE");
  }

  @Test
  void nobodyWaitsForMoreNodesThanThereAre() throws Exception {
    fazt.found("vps.db");
    assertThat(fazt.run("mesh sync --wait 9 --db vps.db --json").failsWith(2, "USAGE"))
        .contains("there is no other node");
    fazt.run("mesh sync --wait -1 --db vps.db --json").failsWith(2, "USAGE");
  }

  @Test
  void aFolderThatIsNotThere() throws Exception {
    String url = fazt.found("vps.db");
    FaztProcess.Result result = fazt.joining("nope/f.db", url, fazt.token("vps.db"));
    assertThat(result.failsWith(1, "NO_DATABASE")).contains("no folder nope");
    assertThat(result.out()).contains("mkdir -p nope");
    assertThat(fazt.run("mesh status --db vpps.db --json").failsWith(1, "NO_DATABASE"))
        .contains("did you mean vps.db?");
  }

  @Test
  void aSecondDaemonNamesTheFirst() throws Exception {
    fazt.found("vps.db");
    long pid = fazt.daemon("vps.db").pid();
    assertThat(fazt.run("mesh daemon --db vps.db --json").failsWith(1, "ALREADY_OPEN"))
        .contains("pid " + pid);
    assertThat(fazt.daemon("vps.db").pid()).isEqualTo(pid);
  }

  @Test
  void leavingWorksAfterTheDaemonWasKilled() throws Exception {
    fazt.found("vps.db");
    ProcessHandle daemon = fazt.daemon("vps.db");
    daemon.destroyForcibly();
    daemon.onExit().join();
    assertThat(fazt.status("vps.db").text("verdict")).isEqualTo("stopped");
    fazt.run("mesh leave --db vps.db --yes").succeeds();
    SqliteFile vps = new SqliteFile(folder.resolve("vps.db"));
    assertThat(vps.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%mesh%'")).isEmpty();
    assertThat(vps.rows("SELECT * FROM notes")).containsExactly("a|of the vps");
    assertThat(folder.resolve("vps.db.mesh")).doesNotExist();
    fazt.run("mesh init --db vps.db --name vps --yes").succeeds();
  }

  @Test
  void aCopiedDatabaseCanLeaveWithoutItsKeys() throws Exception {
    fazt.run("mesh init --db vps.db --name vps --yes").succeeds();
    Path copy = Files.copy(folder.resolve("vps.db"), folder.resolve("copy.db"));
    fazt.run("mesh daemon --db copy.db --json").failsWith(1, "KEYS_MISSING");
    fazt.run("mesh leave --db copy.db --yes").succeeds();
    assertThat(new SqliteFile(copy).rows("SELECT name FROM sqlite_schema"))
        .doesNotContain("_mesh_meta");
    assertThat(fazt.status("vps.db").object("node").text("name")).isEqualTo("vps");
  }
}
