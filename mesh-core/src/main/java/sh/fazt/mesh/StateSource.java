package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import sh.fazt.mesh.apply.RowJudge;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.fingerprint.StateAnswer.Why;
import sh.fazt.mesh.fingerprint.StateLimits;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.fingerprint.StateSet;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.StatePlanner;
import sh.fazt.mesh.store.StateScan;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;
import sh.fazt.mesh.store.TableBook.GenesisPhase;

/**
 * Reads the whole state of a replica, on a connection of its own that only reads, beside the
 * replica at work. It keeps the last state, 32 bytes a row, and tells it again for as long as
 * nobody has written to the file. Confined to the thread that opened it.
 */
public final class StateSource implements AutoCloseable {
  private final Database database;
  private final SiteBook sites;
  private final Meta meta;
  private Optional<Kept> kept = Optional.empty();

  private record Kept(State state, long dataVersion) {}

  private final long rowsMax;

  private StateSource(Database database, long rowsMax) {
    this.database = database;
    this.rowsMax = rowsMax;
    this.sites = new SiteBook(database);
    this.meta = new Meta(database);
  }

  /** Opens the replica in {@code file}. */
  public static StateSource open(Path file) {
    return open(file, StateLimits.ROWS_MAX);
  }

  /**
   * The same, for a state of so many rows at most.
   *
   * @param rowsMax of which {@link StateLimits#HEAP_BYTES_PER_ROW} is the memory
   */
  public static StateSource open(Path file, long rowsMax) {
    return new StateSource(Database.openToRead(file), Math.min(rowsMax, StateLimits.ROWS_MAX));
  }

  /** What came of an attempt to read the state. */
  public sealed interface Taken {}

  /**
   * The state at one moment.
   *
   * @param rows of every row there is or was
   * @param shown how many of them the tables show
   * @param summary the hash of what was delivered and shown by then
   */
  public record State(StatePlan plan, StateSet rows, long shown, Hash summary) implements Taken {}

  /** It cannot be read just now. */
  public record NotNow(Why why) implements Taken {}

  /** What can be compared here. */
  public StatePlanner.Planned plan() {
    return database.read(() -> new StatePlanner(database).plan(tables()));
  }

  private List<TrackedTable> tables() {
    return new TableBook(database, new SchemaReader(database)).readable();
  }

  /** The last state that was read, if nothing was written since. */
  public Optional<State> last() {
    return kept.filter(known -> known.dataVersion() == dataVersion()).map(Kept::state);
  }

  /** The last state that was read, whatever was written since. */
  public Optional<State> read() {
    return kept.map(Kept::state);
  }

  /** Forgets the last state. */
  public void forget() {
    kept = Optional.empty();
  }

  private long dataVersion() {
    return database.scalar("PRAGMA data_version");
  }

  /**
   * Reads the state in these tables and columns.
   *
   * @param whole whether on one snapshot, which others' writes cannot disturb, but which keeps the
   *     write-ahead log from beginning anew for as long as it takes; else page by page, and in vain
   *     if somebody writes meanwhile
   * @param stop asked between pages whether to give up
   */
  public Taken take(StatePlan plan, boolean whole, BooleanSupplier stop) {
    Optional<State> last = last().filter(state -> state.plan().equals(plan));
    if (last.isPresent()) {
      return last.get();
    }
    kept = Optional.empty();
    long version = dataVersion();
    Taken taken =
        whole && hasWriteAheadLog()
            ? database.read(() -> new Reading(plan, stop, Long.MIN_VALUE).all(Runnable::run))
            : new Reading(plan, stop, version).all(this::onSnapshot);
    if (taken instanceof State state) {
      kept = Optional.of(new Kept(state, version));
    }
    return taken;
  }

  private void onSnapshot(Runnable work) {
    database.read(
        () -> {
          work.run();
          return true;
        });
  }

  private boolean hasWriteAheadLog() {
    return database.first("PRAGMA journal_mode").equals(Optional.of(Value.of("wal")));
  }

  /** Runs work on some snapshot. */
  private interface Snapshots {
    void on(Runnable work);
  }

  /** One attempt. */
  private final class Reading {
    private final StatePlan plan;
    private final BooleanSupplier stop;
    private final long version;
    private final StateSet.Builder rows = new StateSet.Builder();
    private final List<StateScan> scans = new ArrayList<>();
    private Optional<Why> trouble = Optional.empty();
    private Hash summary = Hash.ZERO;

    /**
     * @param version of the data, which is to stay; {@link Long#MIN_VALUE} if it must
     */
    Reading(StatePlan plan, BooleanSupplier stop, long version) {
      this.plan = plan;
      this.stop = stop;
      this.version = version;
    }

    Taken all(Snapshots snapshots) {
      snapshots.on(this::begin);
      for (StateScan scan : scans) {
        while (trouble.isEmpty() && !scan.isDone()) {
          snapshots.on(() -> page(scan));
        }
      }
      return trouble.isPresent()
          ? new NotNow(trouble.get())
          : new State(
              plan, rows.build(), scans.stream().mapToLong(StateScan::shown).sum(), summary);
    }

    private void begin() {
      sites.forget();
      List<TrackedTable> tables = tables();
      if (hasMoved()) {
        trouble = Optional.of(Why.MOVED);
      } else if (!plan.isWithin(new StatePlanner(database).plan(tables).plan())) {
        trouble = Optional.of(Why.OTHER_PLAN);
      } else if (!isSettled(tables)) {
        trouble = Optional.of(Why.SYNCING);
      } else {
        summary = summary();
        accesses(plan, tables)
            .forEach(
                (planned, access) ->
                    scans.add(new StateScan(database, access.table(), planned, sites)));
      }
    }

    private void page(StateScan scan) {
      if (hasMoved()) {
        trouble = Optional.of(Why.MOVED);
      } else if (stop.getAsBoolean()) {
        trouble = Optional.of(Why.BUSY);
      } else {
        scan.next(rows);
        trouble = rows.size() > rowsMax ? Optional.of(Why.TOO_LARGE) : trouble;
      }
    }

    private boolean hasMoved() {
      return version != Long.MIN_VALUE && version != dataVersion();
    }
  }

  /** Whether all that was written is taken in, and nothing is shown in part. */
  private boolean isSettled(List<TrackedTable> tables) {
    TableBook book = new TableBook(database, new SchemaReader(database));
    return tables.stream()
            .allMatch(
                table ->
                    isTakenIn(book.genesis(table).phase())
                        && TableAccess.of(database, table, sites).touched().newest() == 0)
        && sites.shownInPart().isEmpty();
  }

  /**
   * Whether nothing more comes of the rows from before the mesh: a reader sends none of its own.
   */
  private boolean isTakenIn(GenesisPhase phase) {
    if (phase != GenesisPhase.TAKEN_IN) {
      return phase == GenesisPhase.SENT;
    }
    MeshView view = new MeshView(database);
    return view.roster().roleOf(view.node()) != Role.FULL;
  }

  /** The hash of what was delivered, and of how much of that is shown. */
  private Hash summary() {
    ByteWriter out = new ByteWriter();
    sites.summary().writeTo(out);
    Map<SiteId, Long> shown = sites.shown();
    out.varint(shown.size());
    shown.forEach(
        (site, seq) -> {
          site.writeTo(out);
          out.varint(seq);
        });
    return Hash.of(out.toBytes());
  }

  private Map<StatePlan.Table, TableAccess> accesses(StatePlan plan, List<TrackedTable> tables) {
    Map<StatePlan.Table, TableAccess> accesses = new LinkedHashMap<>();
    for (StatePlan.Table planned : plan.tables()) {
      tables.stream()
          .filter(table -> Identifier.folded(table.name()).equals(planned.name()))
          .findFirst()
          .ifPresent(table -> accesses.put(planned, TableAccess.of(database, table, sites)));
    }
    return accesses;
  }

  /**
   * Judges rows by the change log: one walk through all of it, and where it tells of too few, one
   * through the keys of the tables.
   *
   * @return in the order of {@code ids}; nothing if the tables are no longer as in the plan
   */
  public List<RowJudge.Judged> judge(StatePlan plan, List<Long> ids) {
    sites.forget();
    List<TableAccess> tables = List.copyOf(accesses(plan, tables()).values());
    if (tables.size() != plan.tables().size()) {
      return List.of();
    }
    ValueDigest digest = new ValueDigest(meta.bytes(Fact.DIGEST_SECRET).orElse(Bytes.EMPTY));
    return new RowJudge(database, sites, digest).judge(plan, tables, ids);
  }

  @Override
  public void close() {
    database.close();
  }
}
