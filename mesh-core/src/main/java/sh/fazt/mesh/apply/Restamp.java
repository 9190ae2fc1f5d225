package sh.fazt.mesh.apply;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import sh.fazt.mesh.apply.IncomingDeletes.Placed;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.ParkedTable.Parked;
import sh.fazt.mesh.store.ParkedTable.Reason;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;

/*
 A merged state cannot forget a write, so the rows concerned are merged again from the change log,
 without what is early; that is parked, as everywhere else. What the tables show stays, and where it
 is not what is merged now, the harvest finds it, as if the application had just written it.
*/
/**
 * Takes back what this node has merged of stamps that are ahead of its clock, since that was ahead
 * itself, and leaves it to the next harvest to sign what the tables show. One use, inside one write
 * transaction, after the harvest.
 */
public final class Restamp {
  private final Catalog catalog;
  private final SiteBook sites;
  private final ChangeLog log;
  private final ParkedTable parked;
  private final long nowMillis;
  private final Map<TableAccess, Map<RowKey, RowState>> rows = new LinkedHashMap<>();

  public Restamp(
      Catalog catalog, SiteBook sites, ChangeLog log, ParkedTable parked, long nowMillis) {
    this.catalog = catalog;
    this.sites = sites;
    this.log = log;
    this.parked = parked;
    this.nowMillis = nowMillis;
  }

  /**
   * Takes back what is ahead; the next harvest signs it.
   *
   * @return how many rows are concerned
   */
  public long run() {
    if (sites.summary().heads().keySet().stream()
        .noneMatch(s -> isEarly(sites.progress(s).clock()))) {
      return 0;
    }
    Set<Place> waiting = new HashSet<>();
    parked.all(Integer.MAX_VALUE).forEach(p -> waiting.add(new Place(p.batch(), p.position())));
    each(
        placed -> {
          if (isEarly(placed.stamp().hlc())
              && !waiting.contains(Place.of(placed))
              && catalog.find(placed.change().table()).isPresent()) {
            park(placed);
            row(placed).ifPresent(found -> states(found.access()).put(found.key(), RowState.NONE));
          }
        });
    each(
        placed -> {
          if (!isEarly(placed.stamp().hlc()) && !waiting.contains(Place.of(placed))) {
            row(placed).ifPresent(this::join);
          }
        });
    rows.forEach((access, states) -> states.forEach((key, state) -> put(access, key, state)));
    return rows.values().stream().mapToLong(Map::size).sum();
  }

  /** A change's place in the change log. */
  private record Place(long batch, int position) {
    static Place of(Placed placed) {
      return new Place(placed.logged().number(), placed.position());
    }
  }

  private record Row(TableAccess access, RowKey key, RowState state) {}

  private boolean isEarly(Hlc hlc) {
    return HybridClock.isEarly(hlc, nowMillis);
  }

  /** Goes through all changes that have been shown, or parked. */
  private void each(Consumer<Placed> consumer) {
    Optional<ChangeLog.Logged> logged = log.next(0);
    while (logged.isPresent()) {
      var dot = logged.get().batch().header().dot();
      if (dot.seq() <= sites.progress(dot.site()).shownSeq()) {
        Placed.in(logged.get()).forEach(consumer);
      }
      logged = log.next(logged.get().number());
    }
  }

  private void park(Placed placed) {
    parked.put(
        new Parked(
            placed.logged().number(),
            placed.position(),
            placed.change().table(),
            Reason.FROM_THE_FUTURE,
            "",
            HybridClock.dueMillis(placed.stamp().hlc())));
  }

  private Optional<Row> row(Placed placed) {
    return catalog
        .find(placed.change().table())
        .filter(
            access -> access.table().shape().key().size() == placed.change().key().values().size())
        .map(
            access -> {
              Incoming incoming =
                  Incoming.of(placed.change(), placed.stamp(), access.table(), false);
              return new Row(access, incoming.key(), incoming.state());
            });
  }

  private Map<RowKey, RowState> states(TableAccess access) {
    return rows.computeIfAbsent(access, found -> new LinkedHashMap<>());
  }

  private void join(Row row) {
    Map<RowKey, RowState> states = rows.getOrDefault(row.access(), Map.of());
    if (states.containsKey(row.key())) {
      states.merge(row.key(), row.state(), RowState::join);
    }
  }

  private void put(TableAccess access, RowKey key, RowState logged) {
    ShadowRow before = access.shadows().find(key);
    RowState merged = logged.join(inTime(before.merged()));
    access
        .shadows()
        .put(key, new ShadowRow(merged, shown(access, before, merged), before.unsent()));
    access.touched().add(List.of(key), nowMillis);
  }

  /** What no batch carries yet is in the shadow alone. */
  private RowState inTime(RowState state) {
    Map<Integer, CellState> cells = new HashMap<>();
    state
        .cells()
        .forEach(
            (column, cell) -> {
              List<CellState.Write> writes = new ArrayList<>(cell.writes());
              writes.removeIf(w -> isEarly(w.stamp().hlc()) || isEarly(w.life().hlc()));
              if (!writes.isEmpty()) {
                cells.put(column, new CellState(writes));
              }
            });
    return RowState.of(
        state.alive().filter(stamp -> !isEarly(stamp.hlc())),
        state.dead().filter(stamp -> !isEarly(stamp.hlc())),
        cells);
  }

  /** Such that the harvest finds what the table shows and nobody has merged. */
  private static Shown shown(TableAccess access, ShadowRow before, RowState merged) {
    if (!before.shown().present()) {
      boolean died = !before.merged().isAlive() && merged.isAlive();
      return died ? Shown.of(Map.of()) : Shown.ABSENT;
    } else if (!merged.isAlive()) {
      return Shown.ABSENT;
    }
    Map<Integer, Long> digests = new HashMap<>(before.shown().digests());
    TrackedTable table = access.table();
    for (int column : table.numbers()) {
      Optional<CellState> was = before.merged().cell(column);
      if (!was.map(CellState::winner).equals(merged.cell(column).map(CellState::winner))) {
        // No value has this digest but by one chance in 2^64.
        digests.merge(column, 1L, (digest, one) -> ~digest);
      }
    }
    return Shown.of(digests);
  }
}
