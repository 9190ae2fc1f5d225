package sh.fazt.mesh.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import sh.fazt.mesh.commands.FaztProcess;
import sh.fazt.mesh.commands.SqliteFile;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.sim.CrashPlan.Round;
import sh.fazt.mesh.sim.CrashPlan.Step;

/**
 * Two nodes over loopback, programs that write to both, and deaths without a warning. After each
 * round everything is started again and all must be well. Confined.
 */
final class CrashSim implements AutoCloseable {
  static final String TABLES =
      """
      CREATE TABLE items (id TEXT PRIMARY KEY, text TEXT, number);
      CREATE TABLE words (id TEXT PRIMARY KEY, word UNIQUE);
      CREATE TABLE blobs (id TEXT PRIMARY KEY, data BLOB);
      CREATE TABLE grows (id TEXT PRIMARY KEY) WITHOUT ROWID;
      INSERT INTO items VALUES ('from before', 'the mesh', 1)""";

  private static final int APPS_A_SIDE = 2;
  private static final int TRANSACTIONS = 100;
  private static final Duration MOMENT_PATIENCE = Duration.ofSeconds(2);

  private final FaztProcess fazt;
  private final CrashApp.Habit habit;
  private final Consumer<String> out;
  private final List<CrashNode> nodes = new ArrayList<>();
  private final List<List<CrashApp>> apps = List.of(new ArrayList<>(), new ArrayList<>());
  private final CrashJudge judge = new CrashJudge();
  private final CrashGuests guests;
  private Random chance = new Random(0);
  private int started;
  private int kills;
  private int probes;
  private int migrations;

  /**
   * @param out told of each round
   */
  CrashSim(Path folder, Consumer<String> out) throws Exception {
    this.fazt = new FaztProcess(folder);
    this.out = out;
    this.habit = new CrashApp.Habit(CrashApp.script(folder), TRANSACTIONS, true);
    this.guests = new CrashGuests(fazt);
    nodes.add(new CrashNode(fazt, "vps"));
    nodes.add(new CrashNode(fazt, "laptop"));
    nodes.get(0).file().run(TABLES);
    judge.expect(Map.of("from before", "the mesh|1|integer"));
    guests.pair(nodes.get(0), nodes.get(1));
  }

  /** Rounds until so many processes were killed. */
  void run(int killsWanted, long seed) throws Exception {
    CrashPlan plan = new CrashPlan(seed);
    while (kills < killsWanted) {
      round(plan.next());
    }
  }

  private void round(Round round) throws Exception {
    chance = new Random(round.seed());
    for (CrashNode node : nodes) {
      node.start();
    }
    for (Step step : round.steps()) {
      keepWriting();
      perform(step);
    }
    kills += guests.visit(round.guest(), nodes.get(0), chance, judge);
    for (List<CrashApp> side : apps) {
      for (CrashApp app : side) {
        kill(app);
      }
      side.clear();
    }
    long millis = settle();
    out.accept(
        "round %d: %d kills, %d rows and %d batches as they must be, level after %d ms"
            .formatted(round.number(), kills, judge.rows(), judge.batches(), millis));
  }

  private void keepWriting() throws Exception {
    for (int side = 0; side < nodes.size(); side++) {
      List<CrashApp> writing = apps.get(side);
      List<CrashApp> done = writing.stream().filter(CrashApp::isFinished).toList();
      for (CrashApp app : done) {
        judge.expect(app.kill());
      }
      writing.removeAll(done);
      while (writing.size() < APPS_A_SIDE) {
        SqliteFile file = nodes.get(side).file();
        String name = "w" + ++started;
        writing.add(CrashApp.start(habit, file, name, chance.nextLong()));
      }
    }
  }

  private void perform(Step step) throws Exception {
    CrashNode node = nodes.get(step.side());
    awaitMoment(step, node);
    LockSupport.parkNanos(step.delayMicros() * 1_000L);
    switch (step.kind()) {
      case APP -> kill(apps.get(step.side()).remove(0));
      case DAEMON -> kill(node);
      case BOTH_DAEMONS -> killDaemons();
      case EVERYTHING -> {
        killDaemons();
        for (List<CrashApp> side : apps) {
          for (CrashApp app : side) {
            kill(app);
          }
          side.clear();
        }
      }
      case HOLDER -> killHolder(node, nodes.get(1 - step.side()));
      case MIGRATED -> migrate(node, nodes.get(1 - step.side()));
    }
    for (CrashNode each : nodes) {
      each.start();
    }
  }

  private void kill(CrashApp app) throws Exception {
    boolean writing = !app.isFinished();
    judge.expect(app.kill());
    kills += writing ? 1 : 0;
  }

  private void kill(CrashNode node) throws Exception {
    kills += node.kill() ? 1 : 0;
  }

  private void killDaemons() throws Exception {
    for (CrashNode node : nodes) {
      kill(node);
    }
  }

  /** Waits for the moment, or, if it does not come, for a while. */
  private void awaitMoment(Step step, CrashNode node) throws IOException {
    if (step.moment() != CrashPlan.Moment.ANY && step.kind() != CrashPlan.Kind.APP) {
      node.awaitServing();
    }
    Path mark = fazt.folder().resolve(node.name() + ".db.mesh").resolve("high-water");
    Path log = fazt.folder().resolve(node.name() + ".db-wal");
    switch (step.moment()) {
      case ANY, SERVING -> {}
      case MARK -> awaitChange(mark);
      case LOG -> awaitChange(log);
      case COMMIT -> {
        CrashApp app = apps.get(step.side()).get(0);
        int before = app.commits();
        spin(() -> app.commits() > before || app.isFinished());
      }
    }
  }

  private static void awaitChange(Path file) throws IOException {
    if (Files.exists(file)) {
      Object before = Files.getLastModifiedTime(file);
      spin(
          () -> {
            try {
              return !Files.exists(file) || !Files.getLastModifiedTime(file).equals(before);
            } catch (IOException e) {
              return true;
            }
          });
    }
  }

  private static void spin(BooleanSupplier condition) {
    long end = System.nanoTime() + MOMENT_PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** What a node was told to be elsewhere is there, though the other dies that very moment. */
  private void killHolder(CrashNode node, CrashNode other) throws Exception {
    other.awaitServing();
    String key = "probe-" + ++probes;
    node.file().run("INSERT INTO items VALUES ('" + key + "', 'told', " + probes + ")");
    Map<String, String> row = Map.of(key, "told|" + probes + "|integer");
    judge.expect(row);
    Json.Obj wish = Json.object().with("timeout_ms", 10_000L).with("wait", 1L);
    boolean told = node.ask("sync", wish).filter(answer -> answer.whole("reached") > 0).isPresent();
    kill(other);
    if (told && other.file().rows(CrashJudge.ROWS_OF + "'" + key + "'").isEmpty()) {
      throw new AssertionError(key + " was said to be on " + other.name() + " and is not");
    }
  }

  /** The schema moves on one side, then on the other, and the daemons die of it. */
  private void migrate(CrashNode node, CrashNode other) throws Exception {
    String column = "c" + ++migrations;
    for (CrashNode each : List.of(node, other)) {
      SqliteFile file = each.file();
      file.run("ALTER TABLE grows ADD COLUMN " + column);
      String key = column + " on " + each.name();
      file.run("INSERT INTO grows (id, " + column + ") VALUES ('" + key + "', 1)");
      LockSupport.parkNanos(chance.nextInt(30_000_000));
      kill(each);
      file.run(
          """
          BEGIN IMMEDIATE;
          CREATE TABLE words_new (id TEXT PRIMARY KEY, word UNIQUE);
          INSERT INTO words_new SELECT * FROM words;
          DROP TABLE words;
          ALTER TABLE words_new RENAME TO words;
          COMMIT""");
      each.start();
    }
  }

  /** Everything runs again: within a moment both hold the same, and all that they must. */
  private long settle() throws Exception {
    for (CrashNode node : nodes) {
      node.awaitServing();
    }
    List<String> wrong = new ArrayList<>();
    long millis;
    try {
      millis =
          CrashNode.await(
              "both are level", CrashNode.PATIENCE, () -> CrashJudge.areLevel(nodes, wrong));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + String.join("\n", wrong) + words(), e);
    }
    for (CrashNode node : nodes) {
      wrong.addAll(judge.complaints(node.file()));
      if (CrashJudge.incarnations(node.file()) > 1) {
        wrong.add(node.name() + " began a new incarnation though nothing was lost");
      }
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError(String.join("\n", wrong) + words());
    }
    return millis;
  }

  private String words() {
    StringBuilder words = new StringBuilder();
    nodes.forEach(node -> words.append("\n--- " + node.name() + "\n" + node.lastWords()));
    return words.toString();
  }

  @Override
  public void close() throws Exception {
    for (List<CrashApp> side : apps) {
      for (CrashApp app : side) {
        app.kill();
      }
    }
    guests.close();
    for (CrashNode node : nodes) {
      node.kill();
    }
  }
}
