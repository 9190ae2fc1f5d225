package sh.fazt.mesh;

import java.util.Optional;
import java.util.function.Consumer;
import sh.fazt.mesh.apply.Ingestion;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.capture.Harvester;
import sh.fazt.mesh.capture.Scrubber;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TouchedOrder;

/**
 * Takes in what the application wrote, and what was there before the mesh, in short turns: what
 * takes long is done on a snapshot, and only what was found is written under the lock. Confined.
 */
final class LocalWrites {
  /** Touched entries that may be left to look at under the lock. */
  private static final int RESIDUE_MAX = 100;

  /** Touched entries beyond which what peers send has to wait. */
  private static final int BACKLOG_MAX = 5_000;

  /** What an entry that is to be sorted counts more: it is copied and removed, and looked at. */
  private static final int MOVES = 2;

  /** Turns in which an application has written more than was taken in: then it is made to wait. */
  static final int TURNS_MAX = 100;

  /** For how long. */
  private static final long WAIT_NANOS = 300_000_000;

  /** Touched entries that are moved under one lock, at most. */
  private static final int SORT_ENTRIES = 10_000;

  private final Database database;
  private final Consumer<Runnable> writer;
  private final Catalog catalog;
  private final Harvester harvester;
  private final GenesisTurns genesis;
  private final Scrubber scrubber;
  private final Ingestion ingestion;
  private final Ambient ambient;
  private final PageSize harvestPage;
  private final PageSize sortPage;
  private long least = Long.MAX_VALUE;
  private int turns;
  private boolean behind;
  private boolean outrun;

  /**
   * @param writer runs work in one write transaction, and rolls it back if it throws
   */
  LocalWrites(
      Database database,
      Consumer<Runnable> writer,
      Catalog catalog,
      Harvester harvester,
      GenesisTurns genesis,
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
    this.ambient = ambient;
    this.harvestPage = new PageSize(ambient.watch(), Harvester.PAGE_ENTRIES);
    this.sortPage = new PageSize(ambient.watch(), SORT_ENTRIES);
  }

  /** One turn: a page of what was touched, then, if that was all, a page of what was there. */
  void takeIn() {
    if (catalog.isStale()) {
      writer.accept(catalog::refresh);
    }
    if (harvester.isDue()) {
      takeSome();
    } else {
      reached(true);
    }
    if (!behind && (!genesis.isDone() || ingestion.isDue(harvester.changed(), ambient.now()))) {
      if (ingestion.hasToLook()) {
        database.read(() -> ingestion.look(ambient.now()));
      }
      writer.accept(this::settle);
    }
  }

  /** Whether another turn has something to do at once. */
  boolean hasMore() {
    return behind || !genesis.isDone() || ingestion.hasMore();
  }

  /** Turns until so little is left that it can be looked at under the lock. */
  void catchUp() {
    while (turns <= 2 * TURNS_MAX && (catalog.isStale() || backlog() > RESIDUE_MAX)) {
      takeIn();
    }
  }

  /** Whether so much was written that to take it in is the work of many turns. */
  boolean isBehind() {
    return backlog() > BACKLOG_MAX;
  }

  /** Whether nothing waits to be taken in or shown. */
  boolean isSettled() {
    return !catalog.isStale() && backlog() == 0 && genesis.isDone() && !ingestion.hasMore();
  }

  private long backlog() {
    return catalog.tables().stream()
        .mapToLong(access -> access.touched().size() + MOVES * access.order().left())
        .sum();
  }

  /**
   * Takes in what is left, if that is little; inside a write transaction. Much may have come while
   * the lock was waited for.
   *
   * @return whether nothing is left
   */
  boolean takeLittle() {
    catalog.refresh();
    boolean little = backlog() <= RESIDUE_MAX || turns > 2 * TURNS_MAX;
    if (little) {
      takeRest();
    }
    return little;
  }

  /** Takes in whatever is left; inside a write transaction. */
  void takeRest() {
    catalog.refresh();
    harvester.harvest(ambient.now());
    revert();
    reached(true);
  }

  /**
   * Looks at one page of rows whether or not they were touched, and puts those under suspicion that
   * have changed. Rows that are yet to be taken in would all be: it waits for them, and for what is
   * yet to be shown.
   *
   * @param sinceMillis since when they may have, Unix milliseconds
   * @return whether there is more to look at; if not, the next call begins with the first table
   */
  boolean scrub(long sinceMillis) {
    if (backlog() > RESIDUE_MAX || ingestion.hasMore()) {
      return true;
    }
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
    ingestion.retry(catalog.takeMoved(), harvester.changed(), ambient.now(), ambient.watch());
    harvester.forgetChanged();
  }

  private void takeSome() {
    long backlog = backlog();
    turns = backlog < least ? 0 : turns + 1;
    least = Math.min(least, backlog);
    Optional<TouchedOrder> unsorted =
        catalog.tables().stream().map(TableAccess::order).filter(TouchedOrder::isDue).findFirst();
    outrun |= turns > TURNS_MAX;
    if (outrun || !harvester.mayWrite()) {
      writer.accept(this::takeMore);
    } else if (unsorted.isPresent()) {
      sort(unsorted.get());
    } else {
      lookAhead();
    }
  }

  /** Sorts what was touched, before it is looked at. */
  private void sort(TouchedOrder unsorted) {
    if (unsorted.look()) {
      least = Long.MAX_VALUE;
    }
    behind = true;
    writer.accept(
        () -> {
          if (!catalog.isStale()) {
            sortPage.keep(() -> unsorted.keep(sortPage.rows()));
          }
        });
  }

  /** Looks on a snapshot and keeps what was found. */
  private void lookAhead() {
    Harvester.Draft draft = database.read(() -> harvester.draft(harvestPage.rows(), ambient.now()));
    behind = true;
    writer.accept(
        () -> {
          // A schema that has moved since may have renumbered what was touched, as VACUUM does.
          if (!catalog.isStale()) {
            harvestPage.keep(() -> keep(draft));
            reached(draft.whole());
          }
        });
  }

  /** Takes in page after page under one lock, so that the application falls behind. */
  private void takeMore() {
    catalog.refresh();
    long end = ambient.watch().nanos() + WAIT_NANOS;
    boolean whole = !harvester.isDue();
    while (!whole && ambient.watch().nanos() <= end) {
      Harvester.Draft draft = harvester.draft(Harvester.PAGE_ENTRIES, ambient.now());
      harvester.keep(draft, ambient.now());
      whole = draft.whole();
    }
    revert();
    reached(whole);
  }

  /** On a node that may not write, rows show again what is merged, before anybody looks. */
  private void revert() {
    ingestion.revert(harvester.takeReverted(), ambient.now());
  }

  private int keep(Harvester.Draft draft) {
    harvester.keep(draft, ambient.now());
    return draft.shadows().size();
  }

  private void reached(boolean end) {
    behind = !end;
    if (end) {
      turns = 0;
      least = Long.MAX_VALUE;
      outrun = false;
    }
  }

  private void settle() {
    behind = !takeLittle();
    if (!behind) {
      genesis.takeIn();
      retry();
    }
  }

  /** Drops what is remembered outside the database, after a transaction was rolled back. */
  void forget() {
    harvester.forget();
    behind = true;
  }
}
