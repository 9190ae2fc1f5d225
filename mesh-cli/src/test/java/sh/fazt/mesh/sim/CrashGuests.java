package sh.fazt.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import sh.fazt.mesh.commands.FaztProcess;
import sh.fazt.mesh.commands.SqliteFile;
import sh.fazt.mesh.output.Json;

/**
 * Databases that are made part of a mesh, and ordinary again, by commands that are killed in the
 * middle and given once more. Confined.
 */
final class CrashGuests implements AutoCloseable {
  private static final int COMMAND_MILLIS = 1_500;
  private static final int TRIES = 2;

  private final FaztProcess fazt;
  private final List<CrashNode> running = new ArrayList<>();
  private int guests;
  private String url = "";

  CrashGuests(FaztProcess fazt) {
    this.fazt = fazt;
  }

  /**
   * Founds a mesh with one and has the other join, both listening where they can be found again.
   */
  void pair(CrashNode founder, CrashNode joiner) throws Exception {
    String address = "127.0.0.1:" + FaztProcess.freePort();
    url = "https://" + address;
    founder.run(on("init", founder.name(), address) + " --yes").succeeds();
    founder.start();
    founder.awaitServing();
    String second = "127.0.0.1:" + FaztProcess.freePort();
    joiner.run(joining(founder, joiner.name(), second)).succeeds();
    joiner.start();
    joiner.awaitServing();
  }

  private static String on(String verb, String name, String address) {
    return "mesh %s --db %s.db --name %s --listen %s".formatted(verb, name, name, address);
  }

  private String joining(CrashNode inviter, String name, String address) {
    Json.Obj invite =
        inviter
            .ask("invite", Json.object().with("ttl_ms", 600_000L))
            .orElseThrow(() -> new AssertionError("no invite from " + inviter.lastWords()));
    return on("join " + url, name, address)
        + " --yes --no-daemon --token "
        + invite.object("invite").text("token");
  }

  /** Lets one come and go; returns how many of its commands were killed. */
  int visit(CrashPlan.Guest guest, CrashNode host, Random chance, CrashJudge judge)
      throws Exception {
    return switch (guest) {
      case NONE -> 0;
      case FOUNDS -> found(chance);
      case JOINS -> join(host, chance, judge);
    };
  }

  private int found(Random chance) throws Exception {
    String name = "guest" + ++guests;
    SqliteFile file = new SqliteFile(fazt.folder().resolve(name + ".db"));
    file.run("CREATE TABLE t (id TEXT PRIMARY KEY); INSERT INTO t VALUES ('mine')");
    int killed =
        insist(
            on("init", name, "127.0.0.1:0") + " --yes --no-phrase", "ALREADY_INITIALIZED", chance);
    killed += insist("mesh leave --db " + name + ".db --yes", "NOT_INITIALIZED", chance);
    requireOrdinary(file);
    assertThat(file.rows("SELECT id FROM t")).containsExactly("mine");
    return killed;
  }

  private int join(CrashNode host, Random chance, CrashJudge judge) throws Exception {
    CrashNode guest = new CrashNode(fazt, "guest" + ++guests);
    host.awaitServing();
    String command = joining(host, guest.name(), "127.0.0.1:0");
    int killed = insist(command, "ALREADY_INITIALIZED", chance);
    running.add(guest);
    for (int i = 0; i < TRIES; i++) {
      guest.start();
      LockSupport.parkNanos(1_000_000L * chance.nextInt(2 * COMMAND_MILLIS));
      killed += guest.kill() ? 1 : 0;
    }
    guest.start();
    guest.awaitServing();
    host.awaitServing();
    CrashNode.await(guest.name() + " is level", CrashNode.PATIENCE, guest::isInSync);
    assertThat(judge.complaints(guest.file())).as(guest.lastWords()).isEmpty();
    killed += guest.kill() ? 1 : 0;
    running.remove(guest);
    killed += insist("mesh leave --db " + guest.name() + ".db --yes", "NOT_INITIALIZED", chance);
    requireOrdinary(guest.file());
    return killed;
  }

  /** Gives a command, killed in the middle, until it succeeds, or has nothing left to do. */
  private int insist(String command, String done, Random chance) throws Exception {
    int killed = 0;
    for (int i = 0; i < TRIES; i++) {
      Path out = fazt.folder().resolve("guests.out");
      Process process = fazt.start(command, out, out);
      if (!process.waitFor(300 + chance.nextInt(COMMAND_MILLIS), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        killed++;
      }
    }
    FaztProcess.Result result = fazt.run(command + " --json");
    assertThat(result.exit() == 0 || result.out().contains(done)).as(result.toString()).isTrue();
    return killed;
  }

  private static void requireOrdinary(SqliteFile file) throws Exception {
    assertThat(file.rows("SELECT name FROM sqlite_master WHERE name LIKE '\\_mesh%' ESCAPE '\\'"))
        .isEmpty();
    assertThat(file.rows("PRAGMA integrity_check")).containsExactly("ok");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (CrashNode node : running) {
      node.kill();
    }
  }
}
