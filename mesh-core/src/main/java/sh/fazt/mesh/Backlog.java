package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.schema.KeyText;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.ParkedTable.Reason;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableBook;

/** What a replica has not passed on yet, and what it was given and cannot show. Confined. */
final class Backlog {
  private final Database database;
  private final SiteBook sites;

  Backlog(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
  }

  /** What waits, by table. */
  List<Waiting> waiting() {
    List<Waiting> waiting = new ArrayList<>();
    // What is held waits for a person, and is told of as such.
    List<ParkedTable.Group> groups =
        new ParkedTable(database)
            .groups().stream().filter(group -> group.reason() != Reason.HELD).toList();
    if (groups.isEmpty()) {
      return waiting;
    }
    SchemaReader schema = new SchemaReader(database);
    for (ParkedTable.Group group : groups) {
      boolean there =
          group.reason() == ParkedTable.Reason.UNKNOWN_TABLE
              && schema.table(group.table()).isPresent();
      waiting.add(waiting(group, there));
    }
    return waiting;
  }

  /**
   * Says why changes wait, for people.
   *
   * @param there whether the table is here
   */
  static Waiting waiting(ParkedTable.Group group, boolean there) {
    Waiting.Reason reason =
        switch (group.reason()) {
          case UNKNOWN_TABLE -> there ? Waiting.Reason.NOT_TRACKED : Waiting.Reason.TABLE_MISSING;
          case UNKNOWN_COLUMN -> Waiting.Reason.COLUMN_MISSING;
          case UNKNOWN_COLUMN_TYPE -> Waiting.Reason.COLUMN_TYPE;
          case OTHER_KEY -> Waiting.Reason.OTHER_KEY;
          case UNKEPT_KEY -> Waiting.Reason.UNKEPT_KEY;
          case FROM_THE_FUTURE -> Waiting.Reason.EARLY;
          case HELD -> Waiting.Reason.HELD;
        };
    boolean ofColumn =
        reason == Waiting.Reason.COLUMN_MISSING || reason == Waiting.Reason.COLUMN_TYPE;
    return new Waiting(
        group.table(),
        reason,
        ofColumn ? group.detail() : "",
        group.changes(),
        group.sinceMillis(),
        group.dueMillis());
  }

  /** What is set aside, by table. */
  List<SetAside> setAside() {
    AsideTable aside = new AsideTable(database);
    List<SetAside> setAside = new ArrayList<>();
    for (TrackedTable table : tables()) {
      aside
          .eldest(table)
          .ifPresent(
              eldest ->
                  setAside.add(
                      new SetAside(
                          table.name(),
                          aside.count(table),
                          eldest.sinceMillis(),
                          KeyText.write(eldest.key().values(), table.shape()),
                          eldest.reason())));
    }
    return setAside;
  }

  /** How many changes were made here after {@code sinceMillis}, or are not harvested yet. */
  long ownSince(VerifyKey self, long sinceMillis) {
    long own = new ChangeLog(database, sites).changesOf(self, sinceMillis);
    for (TrackedTable table : tables()) {
      own += touched(table);
    }
    return own;
  }

  /** How many batches {@link #ownSince} counts the changes of, with the one that is to come. */
  long ownBatchesSince(VerifyKey self, long sinceMillis) {
    return new ChangeLog(database, sites).batchesOf(self, sinceMillis) + (untaken() > 0 ? 1 : 0);
  }

  /** What was written here by a clock that was ahead of what it says now. */
  EarlyWrites early(SiteId self, long nowMillis) {
    Hlc latest = sites.progress(self).clock();
    if (!HybridClock.isEarly(latest, nowMillis)) {
      return EarlyWrites.NONE;
    }
    Hlc inTime = Hlc.atMillis(nowMillis + HybridClock.AHEAD_MAX_MILLIS + 1);
    long changes = new ChangeLog(database, sites).changesAfter(self, inTime);
    return new EarlyWrites(changes, HybridClock.dueMillis(latest));
  }

  /** What {@link #ownSince} counts, by table; it opens every batch that it counts. */
  NavigableMap<String, Long> ownSinceByTable(VerifyKey self, long sinceMillis) {
    NavigableMap<String, Long> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    new ChangeLog(database, sites)
        .eachOf(
            self,
            sinceMillis,
            logged -> {
              for (Change change : logged.content().changes()) {
                own.merge(change.table(), 1L, Long::sum);
              }
            });
    for (TrackedTable table : tables()) {
      long touched = touched(table);
      if (touched > 0) {
        own.merge(table.name(), touched, Long::sum);
      }
    }
    return own;
  }

  private List<TrackedTable> tables() {
    return new TableBook(database, new SchemaReader(database)).readable();
  }

  /** How many touched entries no look has taken in. */
  long untaken() {
    return tables().stream().mapToLong(this::touched).sum();
  }

  private long touched(TrackedTable table) {
    return database.scalar("SELECT count(*) FROM " + table.touched());
  }
}
