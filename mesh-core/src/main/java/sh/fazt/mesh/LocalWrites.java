package sh.fazt.mesh;

import java.util.function.Consumer;
import sh.fazt.mesh.apply.Ingestion;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.capture.GenesisRows;
import sh.fazt.mesh.capture.Harvester;
import sh.fazt.mesh.capture.Scrubber;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;

/**
 * Takes in what the application wrote, and what was there before the mesh, in short turns: what
 * takes long is done on a snapshot, and only what was found is written under the lock. Confined.
 */
final class LocalWrites {
  /** Touched entries that may be left to look at under the lock. */
  private static final int RESIDUE_MAX = 100;

  /** Turns after which an application that writes faster than this looks is made to wait. */
  private static final int TURNS_MAX = 1_000;

  private final Database database;
  private final Consumer<Runnable> writer;
  private final Catalog catalog;
  private final Harvester harvester;
  private final GenesisRows genesis;
  private final Scrubber scrubber;
  private final Ingestion ingestion;
  private final Meta meta;
  private final Ambient ambient;
  private int turns;
  private boolean behind;
  private boolean genesisDone;
  private boolean maySendGenesis;
  private long genesisRows;

  /**
   * @param writer runs work in one write transaction, and rolls it back if it throws
   */
  LocalWrites(
      Database database,
      Consumer<Runnable> writer,
      Catalog catalog,
      Harvester harvester,
      GenesisRows genesis,
      Scrubber scrubber,
      Ingestion ingestion,
      Ambient ambient) {
    this.database = database;
    this.writer = writer;
    this.catalog = catalog;
    this.harvester = harvester;
    this.genesis = genesis;
    this.scrubber = scrubber;
    this.ingestion = ingestion;
    this.meta = new Meta(database);
    this.ambient = ambient;
  }

  /** One turn: a page of what was touched, then, if that was all, a page of what was there. */
  void takeIn() {
    if (catalog.isStale()) {
      writer.accept(catalog::refresh);
    }
    if (harvester.isDue()) {
      lookAhead();
    } else {
      reached(true);
    }
    if (!behind && (!genesisDone || ingestion.isDue(harvester.changed(), ambient.now()))) {
      writer.accept(this::settle);
    }
  }

  /** Whether another turn has something to do at once. */
  boolean hasMore() {
    return behind || !genesisDone || ingestion.hasMore();
  }

  /** Turns until so little is left that it can be looked at under the lock. */
  void catchUp() {
    for (int turn = 0; turn < TURNS_MAX && isMuchLeft(); turn++) {
      takeIn();
    }
  }

  private boolean isMuchLeft() {
    return catalog.isStale()
        || catalog.tables().stream()
                .mapToLong(access -> access.touched().countUpTo(RESIDUE_MAX + 1))
                .sum()
            > RESIDUE_MAX;
  }

  /** Takes in whatever is left; inside a write transaction. */
  void takeRest() {
    catalog.refresh();
    harvester.harvest(ambient.now());
    reached(true);
  }

  /**
   * Looks at one page of rows whether or not they were touched, and puts those under suspicion that
   * have changed.
   *
   * @param sinceMillis since when they may have, Unix milliseconds
   * @return whether there is more to look at; if not, the next call begins with the first table
   */
  boolean scrub(long sinceMillis) {
    if (scrubber.isDone()) {
      catalog.checkTriggers();
      scrubber.restart();
    }
    if (catalog.isStale()) {
      writer.accept(catalog::refresh);
    }
    database
        .read(scrubber::look)
        .ifPresent(
            suspects ->
                writer.accept(
                    () -> {
                      if (!catalog.isStale()) {
                        scrubber.suspect(suspects, sinceMillis);
                      }
                    }));
    return !scrubber.isDone();
  }

  /** Tries again what waits for local writes or for its time; inside a write transaction. */
  void retry() {
    ingestion.retry(catalog.takeMoved(), harvester.changed(), ambient.now());
    harvester.forgetChanged();
  }

  /** Looks on a snapshot and keeps what was found. */
  private void lookAhead() {
    if (++turns > TURNS_MAX) {
      writer.accept(this::takeRest);
      return;
    }
    Harvester.Draft draft = database.read(() -> harvester.draft(ambient.now()));
    behind = true;
    writer.accept(
        () -> {
          // A schema that has moved since may have renumbered what was touched, as VACUUM does.
          if (!catalog.isStale()) {
            harvester.keep(draft, ambient.now());
            reached(draft.whole());
          }
        });
  }

  private void reached(boolean end) {
    behind = !end;
    turns = end ? 0 : turns;
  }

  private void settle() {
    takeRest();
    GenesisRows.Page page = genesis.next(maySendGenesis(), ambient.now());
    genesisDone = page.done();
    genesisRows += page.rows();
    retry();
  }

  private boolean maySendGenesis() {
    // Asked at every turn of the node, so the database is asked until it says yes, and then never.
    maySendGenesis |= meta.find(Fact.GENESIS_WAIT).isEmpty();
    return maySendGenesis;
  }

  /**
   * Sends the rows that were brought along, from now on.
   *
   * @return whether they had been held back
   */
  boolean sendGenesis() {
    boolean waited = !maySendGenesis();
    if (waited) {
      writer.accept(() -> meta.remove(Fact.GENESIS_WAIT));
      maySendGenesis = true;
      genesisDone = false;
    }
    return waited;
  }

  /** Looks again for rows that were there before their table was tracked. */
  void lookForGenesis() {
    genesisDone = false;
  }

  /** How many such rows were looked at since this was made. */
  long genesisRows() {
    return genesisRows;
  }

  /** Drops what is remembered outside the database, after a transaction was rolled back. */
  void forget() {
    harvester.forget();
    behind = true;
  }
}
