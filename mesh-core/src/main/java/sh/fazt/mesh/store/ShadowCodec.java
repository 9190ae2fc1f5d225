package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;

/*
 * Layout: flags; stamp of alive, stamp of dead, each if its flag is set; where not every cell was
 * written by the insert alone: a count, then per such cell its column and its writes; the set of all
 * cells; if shown, the set of digested columns and 8 bytes for each. A stamp is the site's local
 * number and 8 bytes of HLC. A set of columns is a byte count and a bit mask. Most rows hold one
 * stamp, two masks and their digests.
 */
/** Shadows to bytes and back, with this database's own site numbers. Confined. */
final class ShadowCodec {
  private static final int ALIVE = 1;
  private static final int DEAD = 1 << 1;
  private static final int PRESENT = 1 << 2;
  private static final int UNSENT = 1 << 3;
  private static final int DIVERGED = 1 << 4;
  private static final int MASK_BYTES_MAX = 8192;
  private static final int COLUMN_LAST = 8 * MASK_BYTES_MAX - 1;

  /** SQL that says of a packed shadow whether its row is shown; NULL of none. */
  static String isShown(String packed) {
    return "instr('4567CDEF', substr(hex(substr(%s, 1, 1)), 2)) > 0".formatted(packed);
  }

  /**
   * How many bytes of a packed shadow come before the digests of what is shown, where its cells
   * were all written by the insert; 0 of any other.
   */
  static int headSize(Bytes packed) {
    if ((packed.at(0) & ~UNSENT) != (ALIVE | PRESENT)) {
      return 0;
    }
    try {
      ByteReader in = new ByteReader(packed);
      in.u8();
      in.varint();
      in.u64();
      in.bytes(MASK_BYTES_MAX);
      in.bytes(MASK_BYTES_MAX);
      return in.position();
    } catch (MalformedException e) {
      throw new IllegalStateException("a shadow is malformed: " + packed, e);
    }
  }

  private final SiteBook sites;

  ShadowCodec(SiteBook sites) {
    this.sites = sites;
  }

  Bytes encode(ShadowRow row) {
    RowState merged = row.merged();
    Map<Integer, CellState> diverged = diverged(merged);
    ByteWriter out = new ByteWriter(64);
    out.u8(
        (merged.alive().isPresent() ? ALIVE : 0)
            | (merged.dead().isPresent() ? DEAD : 0)
            | (row.shown().present() ? PRESENT : 0)
            | (row.unsent() ? UNSENT : 0)
            | (diverged.isEmpty() ? 0 : DIVERGED));
    merged.alive().ifPresent(stamp -> write(out, stamp));
    merged.dead().ifPresent(stamp -> write(out, stamp));
    if (!diverged.isEmpty()) {
      out.varint(diverged.size());
      diverged.forEach((column, cell) -> write(out, column, cell));
    }
    writeSet(out, merged.cells().keySet());
    if (row.shown().present()) {
      writeSet(out, row.shown().digests().keySet());
      row.shown().digests().values().forEach(out::u64);
    }
    return out.toBytes();
  }

  private static Map<Integer, CellState> diverged(RowState merged) {
    Map<Integer, CellState> diverged = new TreeMap<>(merged.cells());
    merged
        .alive()
        .ifPresent(alive -> diverged.values().removeIf(CellState.of(alive, alive)::equals));
    return diverged;
  }

  private void write(ByteWriter out, Stamp stamp) {
    out.varint(sites.number(stamp.site())).u64(stamp.hlc().packed());
  }

  private void write(ByteWriter out, int column, CellState cell) {
    out.varint(column).varint(cell.writes().size());
    for (CellState.Write write : cell.writes()) {
      write(out, write.life());
      write(out, write.stamp());
    }
  }

  private static void writeSet(ByteWriter out, Iterable<Integer> columns) {
    byte[] mask = new byte[0];
    for (int column : columns) {
      if (column / 8 >= mask.length) {
        mask = Arrays.copyOf(mask, column / 8 + 1);
      }
      mask[column / 8] |= (byte) (1 << (column % 8));
    }
    out.bytes(Bytes.wrap(mask));
  }

  ShadowRow decode(Bytes packed) {
    try {
      return read(new ByteReader(packed));
    } catch (MalformedException e) {
      throw new IllegalStateException("a shadow is malformed: " + packed, e);
    }
  }

  private ShadowRow read(ByteReader in) throws MalformedException {
    int flags = in.u8();
    Optional<Stamp> alive = (flags & ALIVE) != 0 ? Optional.of(stamp(in)) : Optional.empty();
    Optional<Stamp> dead = (flags & DEAD) != 0 ? Optional.of(stamp(in)) : Optional.empty();
    Map<Integer, CellState> cells = new TreeMap<>();
    if ((flags & DIVERGED) != 0) {
      long count = in.varint();
      for (long i = 0; i < count; i++) {
        cells.put(in.count("column", COLUMN_LAST), cell(in));
      }
    }
    for (int column : set(in)) {
      if (!cells.containsKey(column)) {
        Stamp insert = alive.orElseThrow(() -> new IllegalStateException("cells without a life"));
        cells.put(column, CellState.of(insert, insert));
      }
    }
    Shown shown = (flags & PRESENT) != 0 ? shown(in) : Shown.ABSENT;
    in.end();
    return new ShadowRow(RowState.of(alive, dead, cells), shown, (flags & UNSENT) != 0);
  }

  private static Shown shown(ByteReader in) throws MalformedException {
    SortedMap<Integer, Long> digests = new TreeMap<>();
    for (int column : set(in)) {
      digests.put(column, in.u64());
    }
    return new Shown(true, digests);
  }

  private Stamp stamp(ByteReader in) throws MalformedException {
    int site = in.count("site", Integer.MAX_VALUE);
    return new Stamp(new Hlc(in.u64()), sites.site(site));
  }

  private CellState cell(ByteReader in) throws MalformedException {
    long count = in.varint();
    List<CellState.Write> writes = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      writes.add(new CellState.Write(stamp(in), stamp(in)));
    }
    return new CellState(writes);
  }

  private static List<Integer> set(ByteReader in) throws MalformedException {
    Bytes mask = in.bytes(MASK_BYTES_MAX);
    List<Integer> columns = new ArrayList<>();
    for (int column = 0; column < mask.size() * 8; column++) {
      if ((mask.at(column / 8) >> (column % 8) & 1) != 0) {
        columns.add(column);
      }
    }
    return columns;
  }
}
