package sh.fazt.mesh.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;

/** A batch to the bytes that its author signs; docs/protocol.md has the layout. One use. */
final class BatchEncoder {
  static final int FORMAT = 1;
  static final int FLAG_LAST = 1;
  static final int FLAG_CARRIER = 1 << 1;

  static final int KIND_INSERT = 0;
  static final int KIND_UPDATE = 1;
  static final int KIND_DELETE = 2;
  static final int KIND_MASK = 3;
  static final int ROW_GENESIS = 1 << 2;

  private static final int CHANGE_BYTES = 64;
  private static final int REST_BYTES = 4096;

  private final ByteWriter out;
  private final Map<SiteId, Integer> sites = new LinkedHashMap<>();
  private final Batch batch;

  private BatchEncoder(Batch batch) {
    this.batch = batch;
    // Of a large value there is to be one copy here, not the two or three of a buffer that grows.
    this.out = new ByteWriter((int) Math.min(WireLimits.BATCH_BYTES_MAX, bytes(batch)));
  }

  private static long bytes(Batch batch) {
    long bytes = REST_BYTES;
    bytes += batch.carried().map(carried -> carried.signed().size()).orElse(0);
    for (Change change : batch.changes()) {
      bytes += CHANGE_BYTES;
      bytes += change.key().values().stream().mapToLong(Value::bytes).sum();
      bytes += change.cells().stream().map(Cell::value).mapToLong(Value::bytes).sum();
    }
    return bytes;
  }

  /** The batch's bytes, with room for a signature behind them. */
  static ByteWriter encode(Batch batch) {
    BatchEncoder encoder = new BatchEncoder(batch);
    encoder.collectSites();
    encoder.header();
    if (batch.carried().isPresent()) {
      Bytes signed = batch.carried().get().signed();
      encoder.out.varint(signed.size()).raw(signed);
    } else {
      encoder.tables();
    }
    return encoder.out;
  }

  private void collectSites() {
    sites.put(batch.header().dot().site(), 0);
    batch.header().seen().forEach(seen -> number(seen.dot().site()));
    for (Change change : batch.changes()) {
      if (change instanceof Change.Update update) {
        number(update.life().site());
      }
    }
  }

  private void number(SiteId site) {
    sites.putIfAbsent(site, sites.size());
  }

  private void header() {
    BatchHeader header = batch.header();
    out.u8(FORMAT).raw(header.mesh().founding().value());
    header.dot().writeTo(out);
    out.raw(header.previous().value());
    int flags = (header.last() ? FLAG_LAST : 0) | (batch.carried().isPresent() ? FLAG_CARRIER : 0);
    out.u8(flags).varint(header.part()).varint(header.policyEpoch());
    out.u64(header.low().packed()).varint(header.high().packed() - header.low().packed());
    out.varint(sites.size() - 1);
    sites.keySet().stream().skip(1).forEach(site -> site.writeTo(out));
    out.varint(header.seen().size());
    for (BatchHeader.Seen seen : header.seen()) {
      out.varint(siteNumber(seen.dot().site())).varint(seen.dot().seq()).raw(seen.hash().value());
    }
  }

  private int siteNumber(SiteId site) {
    Integer number = sites.get(site);
    if (number == null) {
      throw new IllegalStateException("site not collected: " + site);
    }
    return number;
  }

  private void tables() {
    Map<String, List<Change>> byTable = new TreeMap<>();
    for (Change change : batch.changes()) {
      byTable.computeIfAbsent(change.table(), name -> new ArrayList<>()).add(change);
    }
    out.varint(byTable.size());
    byTable.forEach(this::table);
  }

  private void table(String name, List<Change> changes) {
    Map<Column, Integer> columns = new LinkedHashMap<>();
    for (Change change : changes) {
      for (Cell cell : change.cells()) {
        columns.putIfAbsent(Column.of(cell), columns.size());
      }
    }
    out.text(name).varint(changes.get(0).key().values().size()).varint(columns.size());
    columns.keySet().forEach(column -> out.text(column.name()).u8(column.type()));
    out.varint(changes.size());
    changes.forEach(change -> row(change, columns));
  }

  /** A column of the cells that have one type in it: others may have another. */
  record Column(String name, int type) {
    static Column of(Cell cell) {
      return new Column(cell.column(), cell.type());
    }
  }

  private void row(Change change, Map<Column, Integer> columns) {
    Hlc hlc = change.hlc();
    out.u8(kindOf(change) | (hlc.isGenesis() ? ROW_GENESIS : 0));
    if (hlc.isGenesis()) {
      out.u16(hlc.counter());
    } else {
      out.varint(hlc.packed() - batch.header().low().packed());
    }
    if (change instanceof Change.Update update) {
      Stamp life = update.life();
      out.varint(siteNumber(life.site())).varint(life.hlc().packed());
    }
    change.key().values().forEach(value -> value.writeTo(out));
    if (!(change instanceof Change.Delete)) {
      cells(change.cells(), columns);
    }
  }

  private static int kindOf(Change change) {
    if (change instanceof Change.Insert) {
      return KIND_INSERT;
    } else if (change instanceof Change.Update) {
      return KIND_UPDATE;
    } else if (change instanceof Change.Delete) {
      return KIND_DELETE;
    }
    throw new AssertionError("unhandled " + change);
  }

  private void cells(List<Cell> cells, Map<Column, Integer> columns) {
    Cell[] placed = new Cell[columns.size()];
    for (Cell cell : cells) {
      placed[columns.getOrDefault(Column.of(cell), -1)] = cell;
    }
    for (int from = 0; from < placed.length; from += 8) {
      int mask = 0;
      for (int i = from; i < Math.min(from + 8, placed.length); i++) {
        mask |= placed[i] == null ? 0 : 1 << (i - from);
      }
      out.u8(mask);
    }
    for (Cell cell : placed) {
      if (cell != null) {
        cell.value().writeTo(out);
      }
    }
  }
}
