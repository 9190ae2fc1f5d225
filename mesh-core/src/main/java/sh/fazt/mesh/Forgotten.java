package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sh.fazt.mesh.apply.SnapshotRow;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.SnapshotRecord;
import sh.fazt.mesh.delta.Trimmed;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Rows;
import sh.fazt.mesh.store.TableAccess;

/**
 * What a snapshot says by leaving it out. A row of which its giver knows nothing, though it has
 * trimmed the batch that made it, was deleted, and goes here too. A row that was made here before,
 * and that nobody has heard of, is said again, as of now: others may remember a delete that would
 * beat it, which the giver has forgotten.
 *
 * <p>Found before anything is merged, in turns that only read; written with the rest. Confined.
 */
final class Forgotten {
  /** Rows, records or batches that are looked at in one turn. */
  private static final int TURN_ROWS = 1_000;

  private final MeshParts parts;
  private final Database workspace;
  private final SnapshotRecord.Start start;
  private final Trimmed trimmed;
  private final Hlc latest;
  private final SnapshotRecord.Reader reader = new SnapshotRecord.Reader();
  private final List<String> tables = new ArrayList<>();
  private String table = "";
  private long records;
  private int walked;
  private Bytes after = Bytes.EMPTY;
  private long batches;
  private Phase phase;

  private enum Phase {
    KEYS,
    ROWS,
    OWN,
    FOUND
  }

  /**
   * @param workspace holds all records of the snapshot; tables of this class's come beside them
   */
  Forgotten(MeshParts parts, Database workspace, SnapshotRecord.Start start) {
    this.parts = parts;
    this.workspace = workspace;
    this.start = start;
    Map<SiteId, SnapshotRecord.Floor> floors = new TreeMap<>(start.floors());
    floors.keySet().removeAll(start.forks().keySet());
    this.trimmed = parts.catalog.floors().trimmed(floors);
    this.latest =
        start.floors().values().stream()
            .map(SnapshotRecord.Floor::clock)
            .reduce(Hlc.ZERO, Hlc::max);
    boolean mayHold =
        parts.sites.summary().heads().keySet().stream().anyMatch(trimmed.clocks()::containsKey);
    // What is written from now on is later than what the giver may have forgotten.
    parts.clock.merge(latest);
    // What a newcomer has nobody knows yet.
    this.phase = mayHold ? Phase.KEYS : Phase.OWN;
    workspace.run("CREATE TABLE known (tbl TEXT, key BLOB, PRIMARY KEY (tbl, key)) WITHOUT ROWID");
    workspace.run("CREATE TABLE dead (id INTEGER PRIMARY KEY, tbl TEXT, key BLOB)");
    workspace.run("CREATE TABLE again (id INTEGER PRIMARY KEY, tbl TEXT, key BLOB)");
  }

  /** Looks for some of it. @return whether there is more to look for */
  boolean look() throws MalformedException {
    switch (phase) {
      case KEYS -> keys();
      case ROWS -> parts.database.read(this::rows);
      case OWN -> parts.database.read(this::own);
      case FOUND -> {}
    }
    return phase != Phase.FOUND;
  }

  private void keys() throws MalformedException {
    List<Bytes> page = new ArrayList<>();
    try (Rows rows =
        workspace.query(
            "SELECT number, bytes FROM record WHERE number > ? ORDER BY number LIMIT ?",
            Value.of(records),
            Value.of(TURN_ROWS))) {
      while (rows.next()) {
        records = rows.integer(0);
        page.add(rows.blob(1));
      }
    }
    List<SnapshotRecord> read = new ArrayList<>();
    for (Bytes each : page) {
      read.add(reader.read(new ByteReader(each)));
    }
    workspace.write(
        () -> {
          read.forEach(this::know);
          return true;
        });
    phase = page.size() < TURN_ROWS ? Phase.ROWS : phase;
  }

  private void know(SnapshotRecord record) {
    if (record instanceof SnapshotRecord.Table next) {
      table = Identifier.folded(next.name());
      tables.add(table);
    } else if (record instanceof SnapshotRecord.Row row) {
      parts
          .catalog
          .find(table)
          .map(each -> new RowKey(each.table().shape().folded(row.key().values())))
          .ifPresent(key -> put("known", table, key));
    }
  }

  private void put(String into, String name, RowKey key) {
    workspace.execute(
        "INSERT OR IGNORE INTO " + into + " (tbl, key) VALUES (?, ?)",
        Value.of(name),
        Value.of(key.encoded()));
  }

  private boolean rows() {
    if (walked == tables.size()) {
      phase = Phase.OWN;
      return true;
    }
    String name = tables.get(walked);
    Map<RowKey, ShadowRow> page =
        parts
            .catalog
            .find(name)
            .map(each -> each.shadows().walk(after, TURN_ROWS))
            .orElse(Map.of());
    page.forEach(
        (key, row) -> {
          after = key.encoded();
          if (isBygone(row) && !isKnown(name, key)) {
            put("dead", name, key);
          }
        });
    if (page.size() < TURN_ROWS) {
      walked++;
      after = Bytes.EMPTY;
    }
    return true;
  }

  /** Whether the giver has shown what made the row live. */
  private boolean isBygone(ShadowRow row) {
    return !row.unsent()
        && row.merged().isAlive()
        && row.merged().alive().filter(trimmed::covers).isPresent();
  }

  private boolean isKnown(String name, RowKey key) {
    return workspace
        .first(
            "SELECT 1 FROM known WHERE tbl = ? AND key = ?",
            Value.of(name),
            Value.of(key.encoded()))
        .isPresent();
  }

  private boolean own() {
    long changes = 0;
    Optional<ChangeLog.Logged> next = next();
    while (next.isPresent() && changes < TURN_ROWS) {
      batches = next.get().number();
      ChangeLog.Logged logged = next.get();
      Dot dot = logged.batch().header().dot();
      Head known = start.shown().get(dot.site());
      // What an earlier incarnation wrote may have been written over since, unknown to this one.
      if (dot.site().equals(parts.own.site()) && (known == null || dot.seq() > known.seq())) {
        logged.batch().changes().forEach(this::again);
      }
      changes += logged.batch().changes().size();
      next = next();
    }
    phase = next.isEmpty() ? Phase.FOUND : phase;
    return true;
  }

  private Optional<ChangeLog.Logged> next() {
    return parts.log.nextOf(parts.own.site().node(), batches);
  }

  private void again(Change change) {
    if (change instanceof Change.Insert insert && insert.hlc().compareTo(latest) <= 0) {
      parts
          .catalog
          .find(change.table())
          .filter(each -> each.table().shape().key().size() == change.key().values().size())
          .map(each -> new RowKey(each.table().shape().folded(change.key().values())))
          .ifPresent(key -> put("again", Identifier.folded(change.table()), key));
    }
  }

  /**
   * Writes some of what was found; inside a write transaction, after the harvest.
   *
   * @return whether there is more to write
   */
  boolean write(int limit, long nowMillis) {
    List<SnapshotRow> dead = new ArrayList<>();
    each("dead", limit, (access, key) -> ended(access, key).ifPresent(dead::add));
    parts.ingestion.end(dead, trimmed::covers, nowMillis);
    if (workspace.scalar("SELECT count(*) FROM dead") > 0) {
      return true;
    }
    if (parts.membership.mayWrite()) {
      each("again", limit, (access, key) -> sayAgain(access, key, nowMillis));
    } else {
      workspace.run("DELETE FROM again");
    }
    return workspace.scalar("SELECT count(*) FROM again") > 0;
  }

  /** Has the next harvest tell of a row as if the application had just written it. */
  private void sayAgain(TableAccess access, RowKey key, long nowMillis) {
    ShadowRow row = access.shadows().find(key);
    RowState merged = row.merged();
    boolean there = access.rows().find(key).isPresent();
    boolean made =
        merged.isAlive()
            && merged.alive().filter(this::isOwn).isPresent()
            && row.shown().present()
            && there;
    boolean ended = merged.dead().isPresent() && !merged.isAlive() && !row.shown().present();
    if (made || (ended && !there)) {
      Shown shown = made ? Shown.ABSENT : Shown.of(Map.of());
      access.shadows().put(key, new ShadowRow(merged, shown, false));
      access.touched().add(List.of(key), nowMillis);
    }
  }

  private boolean isOwn(Stamp life) {
    return life.site().node().equals(parts.own.site().node()) && life.hlc().compareTo(latest) <= 0;
  }

  private interface RowTask {
    void with(TableAccess access, RowKey key);
  }

  private void each(String of, int limit, RowTask task) {
    List<Found> page = new ArrayList<>();
    long last = 0;
    try (Rows rows =
        workspace.query(
            "SELECT id, tbl, key FROM " + of + " ORDER BY id LIMIT ?", Value.of(limit))) {
      while (rows.next()) {
        last = rows.integer(0);
        page.add(new Found(rows.text(1), rows.blob(2)));
      }
    }
    for (Found found : page) {
      parts
          .catalog
          .find(found.table())
          .ifPresent(access -> task.with(access, access.rows().key(found.key())));
    }
    workspace.execute("DELETE FROM " + of + " WHERE id <= ?", Value.of(last));
  }

  private record Found(String table, Bytes key) {}

  /** The row as it is once its life has ended, if that has not happened meanwhile. */
  private Optional<SnapshotRow> ended(TableAccess access, RowKey key) {
    return access
        .shadows()
        .find(key)
        .merged()
        .alive()
        .filter(trimmed::covers)
        .map(
            life -> {
              Hlc floor = trimmed.clocks().getOrDefault(life.site(), life.hlc());
              Stamp end = new Stamp(Hlc.max(floor, life.hlc()), life.site());
              return new SnapshotRow(access.table().name(), key, RowState.deleted(end), Map.of());
            });
  }
}
