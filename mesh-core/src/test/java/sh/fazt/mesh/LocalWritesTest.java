package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.apply.Ingestion;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.capture.BatchAuthor;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.capture.DeleteCounts;
import sh.fazt.mesh.capture.GenesisRows;
import sh.fazt.mesh.capture.Harvester;
import sh.fazt.mesh.capture.Operating;
import sh.fazt.mesh.capture.OwnSite;
import sh.fazt.mesh.capture.Scrubber;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.clock.Stopwatch;
import sh.fazt.mesh.crdt.MergePolicy;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.roster.Authors;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.SiteBook;

/** What the application writes between the look and the lock, where it hurts most. */
class LocalWritesTest extends PairOfReplicas {
  private static final String COUNTED =
      """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
      INSERT INTO t SELECT i, i FROM n""";

  private final Deque<Runnable> between = new ArrayDeque<>();
  private Stopwatch watch = Stopwatch.STILL;
  private Database database;
  private LocalWrites local;

  /** Takes the vps apart, so that a test can step between a look and its keeping. */
  private void takeApart() {
    nodes.closeMesh("vps");
    database = Replica.open(nodes.file("vps"));
    KeyFolder folder = KeyFolder.of(nodes.file("vps"));
    SigningKey key = Replica.nodeKey(database, folder);
    SiteBook sites = new SiteBook(database);
    ChangeLog log = new ChangeLog(database, sites);
    Catalog catalog = new Catalog(database, sites, () -> MergePolicy.NONE);
    OwnSite own = database.write(() -> Replica.site(database, folder, key, sites));
    HybridClock clock = new HybridClock(sites.progress(own.site()).clock());
    ValueDigest digest =
        new ValueDigest(new Meta(database).bytes(Fact.DIGEST_SECRET).orElse(Bytes.EMPTY));
    BatchAuthor author = new BatchAuthor(own, sites, log, () -> true);
    DeleteCounts counts = new DeleteCounts(database, catalog.book(), sites);
    GenesisRows genesis = new GenesisRows(catalog, author, own, digest);
    Ambient ambient = new Ambient(nodes.ambient().nowMillis(), nodes.ambient().chance(), watch);
    Harvester harvester =
        new Harvester(
            catalog,
            author,
            own,
            clock,
            digest,
            new ConflictTable(database, sites),
            counts,
            new Operating(catalog, ambient.chance(), digest));
    local =
        new LocalWrites(
            database,
            this::write,
            catalog,
            harvester,
            new GenesisTurns(database, this::write, genesis, harvester, ambient),
            new Scrubber(catalog, genesis, digest),
            new Ingestion(
                database,
                own,
                catalog,
                genesis,
                sites,
                log,
                clock,
                digest,
                counts,
                () -> Authors.NONE),
            ambient);
    turns();
  }

  private void write(Runnable work) {
    if (!between.isEmpty()) {
      between.remove().run();
    }
    database.write(
        () -> {
          work.run();
          return true;
        });
  }

  private int turns() {
    int turns = 0;
    do {
      local.takeIn();
      turns++;
    } while (local.hasMore() && turns < 10_000);
    return turns;
  }

  private void putTogether() {
    database.close();
    database = null;
    new KeyFolderMark(nodes.file("vps")).catchUp();
    nodes.open("vps");
    sync();
  }

  /** The mark that follows each commit, which a replica taken apart does not keep. */
  private record KeyFolderMark(java.nio.file.Path file) {
    void catchUp() {
      try (Database database = Replica.open(file)) {
        KeyFolder folder = KeyFolder.of(file);
        SiteBook sites = new SiteBook(database);
        SigningKey key = Replica.nodeKey(database, folder);
        long seq = sites.progress(new sh.fazt.mesh.identity.SiteId(key.verifyKey(), 1)).seq();
        folder.saveHighWater(new KeyFolder.HighWater(1, seq));
      }
    }
  }

  @AfterEach
  void closeDatabase() {
    if (database != null) {
      database.close();
    }
  }

  /** A watch that shows 10 ms more whenever it is looked at. */
  private static Stopwatch slow() {
    AtomicLong nanos = new AtomicLong();
    return new Stopwatch() {
      @Override
      public long nanos() {
        return nanos.addAndGet(10_000_000);
      }

      @Override
      public void pause(long length) {
        nanos.addAndGet(Math.max(0, length));
      }
    };
  }

  @Test
  void onASlowMachineALockIsHeldForFewRowsHoweverManyTheTransactionHas() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v INTEGER)");
    watch = slow();
    takeApart();
    vps(COUNTED.formatted(22_000));
    assertThat(turns()).isGreaterThan(LocalWrites.TURNS_MAX);
    assertThat(rows("vps", "SELECT max(changes) FROM _mesh_batch WHERE seq > 6"))
        .containsExactly("200");
    putTogether();
    assertSame("t");
  }

  @Test
  void whatIsYetToBeTakenInIsNotTakenForWhatPassedTheTriggers() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v INTEGER)");
    takeApart();
    vps(COUNTED.formatted(1_000));
    String entries = "SELECT count(*) FROM _mesh_touched_1";
    assertThat(rows("vps", entries)).containsExactly("1000");
    assertThat(local.scrub(1)).isTrue();
    assertThat(rows("vps", entries)).containsExactly("1000");
    turns();
    while (local.scrub(1)) {
      assertThat(rows("vps", entries)).containsExactly("0");
    }
    putTogether();
    assertSame("t");
  }

  @Test
  void anApplicationThatWritesFasterThanRowsAreTakenInIsMadeToWait() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v INTEGER)");
    watch = slow();
    takeApart();
    vps(COUNTED.formatted(1_000));
    for (int i = 0; i < 3 * LocalWrites.TURNS_MAX; i++) {
      between.add(() -> vps("UPDATE t SET v = v + 1"));
    }
    turns();
    assertThat(between).hasSizeGreaterThan(LocalWrites.TURNS_MAX);
    between.clear();
    putTogether();
    assertSame("t");
  }

  @Test
  void rowWrittenBetweenLookAndLockIsFoundByTheNextLook() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v INTEGER)",
        "INSERT INTO t VALUES ('a', 1), ('b', 1), ('c', 1)");
    takeApart();
    vps("UPDATE t SET v = 2");
    between.add(
        () ->
            vps(
                "UPDATE t SET v = 3 WHERE id = 'a'",
                "DELETE FROM t WHERE id = 'b'",
                "INSERT INTO t VALUES ('d', 1)"));
    turns();
    turns();
    putTogether();
    assertSame("t");
    assertThat(rows("laptop", "SELECT id || v FROM t ORDER BY id"))
        .containsExactly("a3", "c2", "d1");
    assertNothingWaits();
  }

  @Test
  void vacuumBetweenLookAndLockTakesNothingAway() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v INTEGER)");
    takeApart();
    for (int i = 0; i < 9; i++) {
      vps("INSERT INTO t VALUES ('x%d', 1)".formatted(i));
    }
    turns();
    // The log of what was touched is empty now, but for what comes behind these.
    vps("INSERT INTO t VALUES ('a', 1)", "INSERT INTO t VALUES ('b', 1)");
    vps("UPDATE t SET v = 2 WHERE id = 'b'", "DELETE FROM _mesh_touched_1 WHERE rowid = 1");
    between.add(
        () -> {
          vps("VACUUM");
          vps("UPDATE t SET v = 5 WHERE id = 'x1'", "UPDATE t SET v = 6 WHERE id = 'x2'");
        });
    turns();
    turns();
    putTogether();
    assertThat(rows("laptop", "SELECT id || v FROM t WHERE id IN ('b', 'x1', 'x2') ORDER BY id"))
        .containsExactly("b2", "x15", "x26");
  }

  @Test
  void columnDroppedBetweenLookAndLock() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v INTEGER, w TEXT)",
        "INSERT INTO t VALUES ('a', 1, 'x')");
    takeApart();
    vps("UPDATE t SET v = 2, w = 'y'");
    between.add(() -> vps("ALTER TABLE t DROP COLUMN w", "UPDATE t SET v = 3"));
    turns();
    turns();
    putTogether();
    assertThat(rows("laptop", "SELECT v FROM t")).containsExactly("3");
  }

  @Test
  void transactionOfManyTurnsShowsElsewhereWholeOrNotAtAll() {
    pair("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)");
    takeApart();
    vps(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3500)"
            + " INSERT INTO t SELECT i, i FROM n");
    local.takeIn();
    assertThat(local.hasMore()).isTrue();
    // A crash after the first page: the rest is found by the next opening.
    database.close();
    database = null;
    new KeyFolderMark(nodes.file("vps")).catchUp();
    Mesh vps = nodes.open("vps");
    List<Integer> shown = new ArrayList<>();
    do {
      var batches = vps.harvest();
      nodes.mesh("laptop").ingest(batches.stream().map(batch -> batch.envelope()).toList());
      shown.add(Integer.parseInt(nodes.app("laptop").one("SELECT count(*) FROM t")));
    } while (vps.hasMore());
    sync();
    assertThat(shown).allSatisfy(count -> assertThat(count).isIn(0, 3500));
    assertSame("t");
  }

  @Test
  void whatWaitsForTheRestOfItsTransactionIsNotYetSeen() {
    pair(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3500)"
            + " INSERT INTO t SELECT i, 'old' FROM n");
    vps("UPDATE t SET v = 'vps'");
    Mesh vps = nodes.mesh("vps");
    Mesh laptop = nodes.mesh("laptop");
    laptop.ingest(vps.harvest().stream().map(batch -> batch.envelope()).toList());
    assertThat(rows("laptop", "SELECT DISTINCT v FROM t")).containsExactly("old");
    laptop("UPDATE t SET v = 'laptop' WHERE id = 1", "DELETE FROM t WHERE id = 3");
    sync();
    assertSame("t");
    assertThat(conflicts("laptop")).isEqualTo(2);
    assertThat(conflicts("vps")).isEqualTo(2);
  }

  @Test
  void largeRowsTravelInSmallPages() {
    pair("CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB)");
    takeApart();
    for (int i = 0; i < 20; i++) {
      vps("INSERT INTO t VALUES (%d, randomblob(3000000))".formatted(i));
    }
    assertThat(turns()).isGreaterThan(7);
    putTogether();
    assertSame("t");
  }

  @Test
  void lastPageThatFindsNothingStillEndsTheTransaction() {
    pair("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)");
    takeApart();
    vps(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
            + " INSERT INTO t SELECT i, i FROM n",
        "UPDATE t SET v = v WHERE id < 100");
    turns();
    putTogether();
    assertThat(nodes.app("laptop").one("SELECT count(*) FROM t")).isEqualTo("1000");
    assertNothingWaits();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverIsWrittenBetweenAllLooksNothingIsLost(long seed) {
    pair(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, w TEXT UNIQUE)",
        "CREATE TABLE u (a TEXT, b TEXT COLLATE NOCASE, v, PRIMARY KEY (a, b)) WITHOUT ROWID");
    takeApart();
    Random random = new Random(seed);
    for (int step = 0; step < 150; step++) {
      vps(statement(random));
      if (random.nextInt(3) > 0) {
        between.add(() -> vps(statement(random), statement(random)));
      }
      local.takeIn();
    }
    turns();
    putTogether();
    assertSame("t");
    assertSame("u");
    assertNothingWaits();
  }

  private static String statement(Random random) {
    int id = random.nextInt(12);
    int other = random.nextInt(12);
    return switch (random.nextInt(9)) {
      case 0, 1 -> "INSERT OR REPLACE INTO t VALUES (%d, %d, 'w%d')".formatted(id, other, other);
      case 2 -> "UPDATE OR IGNORE t SET id = %d WHERE id = %d".formatted(other, id);
      case 3 -> "DELETE FROM t WHERE id = %d".formatted(id);
      case 4 -> "UPDATE OR REPLACE t SET w = 'w%d' WHERE id = %d".formatted(other, id);
      case 5 -> "INSERT OR REPLACE INTO u VALUES ('a%d', 'B', %d)".formatted(id, other);
      case 6 -> "UPDATE u SET v = v + 1, b = 'b' WHERE a = 'a%d'".formatted(id);
      case 7 -> "DELETE FROM u WHERE a > 'a%d'".formatted(id);
      default -> random.nextInt(10) == 0 ? "VACUUM" : "UPDATE t SET v = v + 1";
    };
  }
}
