package sh.fazt.mesh.delta;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.WireLimits;

/**
 * A piece of a snapshot: a member's whole state, for one that needs batches which nobody has any
 * more. It begins with one {@link Start}; of each table one {@link Table}, then its rows.
 */
public sealed interface SnapshotRecord {
  /** What of its site was trimmed: its last batch there, and the site's clock after it. */
  record Floor(Head head, Hlc clock) {}

  /** What a site had seen of another. */
  record Seen(SiteId site, SiteId other, long seq, Hlc clock) {}

  /**
   * @param sites all that are spoken of; stamps name them by their place
   * @param floors up to where each site's batches are in the rows alone
   * @param shown of each site the last batch that the rows hold: who has taken them in has seen it
   * @param forks of each forked site the first seq that was signed twice
   * @param seen what each site had seen of others, for the finding of conflicts
   */
  record Start(
      List<SiteId> sites,
      Map<SiteId, Floor> floors,
      Map<SiteId, Head> shown,
      Map<SiteId, Long> forks,
      List<Seen> seen)
      implements SnapshotRecord {
    public Start {
      sites = List.copyOf(sites);
      floors = Map.copyOf(floors);
      shown = Map.copyOf(shown);
      forks = Map.copyOf(forks);
      seen = List.copyOf(seen);
    }
  }

  /**
   * @param columns every column that ever was, by its number in the rows that follow
   */
  record Table(String name, int keySize, List<String> columns) implements SnapshotRecord {
    public Table {
      columns = List.copyOf(columns);
    }
  }

  /**
   * A row, dead or alive.
   *
   * @param state its cells by the place of their column in the table's record
   * @param values of the cells whose winner is known, by the same
   * @param cells those of them that operations were made on, by the same
   */
  record Row(
      RowKey key,
      RowState state,
      SortedMap<Integer, Value> values,
      SortedMap<Integer, MergedCell> cells)
      implements SnapshotRecord {
    public Row {
      values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
      cells = Collections.unmodifiableSortedMap(new TreeMap<>(cells));
    }
  }

  /** Columns of a table, sites of a snapshot, and writes that may compete for one cell. */
  int COUNT_MAX = 1_000_000;

  /** Writes the records of one snapshot. Confined. */
  final class Writer {
    private final Map<SiteId, Integer> places = new TreeMap<>();

    /** The bytes of a record; the start comes first. */
    public void write(ByteWriter out, SnapshotRecord record) {
      if (record instanceof Start start) {
        write(out.u8(1), start);
      } else if (record instanceof Table table) {
        out.u8(2).text(table.name()).varint(table.keySize()).varint(table.columns().size());
        table.columns().forEach(out::text);
      } else if (record instanceof Row row) {
        write(out.u8(3), row);
      } else {
        throw new AssertionError("unhandled " + record);
      }
    }

    private void write(ByteWriter out, Start start) {
      out.varint(start.sites().size());
      for (SiteId site : start.sites()) {
        places.put(site, places.size());
        site.writeTo(out);
      }
      out.varint(start.floors().size());
      new TreeMap<>(start.floors())
          .forEach(
              (site, floor) ->
                  out.varint(place(site))
                      .varint(floor.head().seq())
                      .raw(floor.head().hash().value())
                      .u64(floor.clock().packed()));
      out.varint(start.shown().size());
      new TreeMap<>(start.shown())
          .forEach(
              (site, head) -> out.varint(place(site)).varint(head.seq()).raw(head.hash().value()));
      out.varint(start.forks().size());
      new TreeMap<>(start.forks()).forEach((site, seq) -> out.varint(place(site)).varint(seq));
      out.varint(start.seen().size());
      for (Seen seen : start.seen()) {
        out.varint(place(seen.site())).varint(place(seen.other()));
        out.varint(seen.seq()).u64(seen.clock().packed());
      }
    }

    private void write(ByteWriter out, Row row) {
      row.key().values().forEach(value -> value.writeTo(out));
      RowState state = row.state();
      out.u8((state.alive().isPresent() ? 1 : 0) | (state.dead().isPresent() ? 2 : 0));
      state.alive().ifPresent(stamp -> write(out, stamp));
      state.dead().ifPresent(stamp -> write(out, stamp));
      out.varint(state.cells().size());
      state
          .cells()
          .forEach(
              (column, cell) -> {
                out.varint(column).varint(cell.writes().size());
                cell.writes()
                    .forEach(
                        each -> {
                          write(out, each.life());
                          write(out, each.stamp());
                        });
                Value value = row.values().get(column);
                MergedCell merging = row.cells().get(column);
                out.u8((value == null ? 0 : 1) | (merging == null ? 0 : 2));
                if (value != null) {
                  value.writeTo(out);
                }
                if (merging != null) {
                  merging.writeTo(out, this::write);
                }
              });
    }

    private void write(ByteWriter out, Stamp stamp) {
      out.varint(place(stamp.site())).u64(stamp.hlc().packed());
    }

    private int place(SiteId site) {
      Integer place = places.get(site);
      if (place == null) {
        throw new IllegalStateException("not in the snapshot's start: " + site);
      }
      return place;
    }
  }

  /** Reads what {@link Writer} wrote. Confined. */
  final class Reader {
    private List<SiteId> sites = List.of();
    private Optional<Table> table = Optional.empty();

    public SnapshotRecord read(ByteReader in) throws MalformedException {
      int kind = in.u8();
      if (kind == 1 && sites.isEmpty()) {
        Start start = start(in);
        sites = start.sites();
        return start;
      } else if (kind == 2) {
        table = Optional.of(table(in));
        return table.get();
      } else if (kind == 3 && table.isPresent()) {
        return row(in, table.get());
      }
      throw new MalformedException("no such record of a snapshot: " + kind);
    }

    private Start start(ByteReader in) throws MalformedException {
      List<SiteId> named = new ArrayList<>();
      for (int i = in.count("sites", Summary.SITES_MAX); i > 0; i--) {
        named.add(SiteId.readFrom(in));
      }
      sites = named;
      Map<SiteId, Floor> floors = new TreeMap<>();
      for (int i = in.count("floors", Summary.SITES_MAX); i > 0; i--) {
        SiteId site = site(in);
        floors.put(site, new Floor(new Head(seq(in), Hash.readFrom(in)), new Hlc(in.u64())));
      }
      Map<SiteId, Head> shown = new TreeMap<>();
      for (int i = in.count("heads", Summary.SITES_MAX); i > 0; i--) {
        shown.put(site(in), new Head(seq(in), Hash.readFrom(in)));
      }
      Map<SiteId, Long> forks = new TreeMap<>();
      for (int i = in.count("forks", Summary.FORKS_MAX); i > 0; i--) {
        forks.put(site(in), seq(in));
      }
      List<Seen> seen = new ArrayList<>();
      for (int i = in.count("seen", COUNT_MAX); i > 0; i--) {
        seen.add(new Seen(site(in), site(in), seq(in), new Hlc(in.u64())));
      }
      return new Start(named, floors, shown, forks, seen);
    }

    private static Table table(ByteReader in) throws MalformedException {
      String name = in.text(WireLimits.NAME_BYTES_MAX);
      int keySize = in.count("key columns", WireLimits.COLUMNS_MAX);
      List<String> columns = new ArrayList<>();
      for (int i = in.count("columns", COUNT_MAX); i > 0; i--) {
        columns.add(in.text(WireLimits.NAME_BYTES_MAX));
      }
      if (keySize == 0) {
        throw new MalformedException("a table without a key: " + name);
      }
      return new Table(name, keySize, columns);
    }

    private Row row(ByteReader in, Table of) throws MalformedException {
      List<Value> key = new ArrayList<>();
      for (int i = 0; i < of.keySize(); i++) {
        key.add(Value.readFrom(in));
      }
      if (key.contains(Value.NULL)) {
        throw new MalformedException("NULL in the key of a row of " + of.name());
      }
      int flags = in.u8();
      Optional<Stamp> alive = (flags & 1) == 0 ? Optional.empty() : Optional.of(stamp(in));
      Optional<Stamp> dead = (flags & 2) == 0 ? Optional.empty() : Optional.of(stamp(in));
      Map<Integer, CellState> cells = new TreeMap<>();
      SortedMap<Integer, Value> values = new TreeMap<>();
      SortedMap<Integer, MergedCell> merging = new TreeMap<>();
      for (int i = in.count("cells", of.columns().size()); i > 0; i--) {
        int column = in.count("columns", of.columns().size() - 1);
        List<CellState.Write> writes = new ArrayList<>();
        for (int k = in.count("writes", COUNT_MAX); k > 0; k--) {
          writes.add(new CellState.Write(stamp(in), stamp(in)));
        }
        if (writes.isEmpty()) {
          throw new MalformedException("a cell that nobody wrote");
        }
        cells.put(column, new CellState(writes));
        int given = in.u8();
        if ((given & 1) != 0) {
          values.put(column, Value.readFrom(in));
        }
        if ((given & 2) != 0) {
          merging.put(column, MergedCell.readFrom(in, this::stamp));
        }
      }
      return new Row(new RowKey(key), RowState.of(alive, dead, cells), values, merging);
    }

    private Stamp stamp(ByteReader in) throws MalformedException {
      SiteId site = site(in);
      return new Stamp(new Hlc(in.u64()), site);
    }

    private SiteId site(ByteReader in) throws MalformedException {
      long place = in.varint();
      if (place < 0 || place >= sites.size()) {
        throw new MalformedException("no site " + place + " in the snapshot");
      }
      return sites.get((int) place);
    }

    private static long seq(ByteReader in) throws MalformedException {
      long seq = in.varint();
      if (seq < 1) {
        throw new MalformedException("seq starts at 1: " + seq);
      }
      return seq;
    }
  }
}
