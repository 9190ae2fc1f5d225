package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.delta.SnapshotJoiner;
import sh.fazt.mesh.delta.SnapshotRecord;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.CellTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;

/**
 * Gives the whole state of a replica as it was at one moment, on a connection of its own that only
 * reads. Each record stands behind its length. Confined; the write-ahead log does not begin anew
 * until it is closed.
 */
public final class SnapshotSource implements AutoCloseable {
  /** Bytes of values at which a row's record ends, and another one goes on with the row. */
  static final int RECORD_BYTES_TARGET = 1 << 20;

  private static final int PAGE_ROWS = 500;
  private static final int RECORD_BYTES = 512;

  private final Database database;
  private final SiteBook sites;
  private final ChangeLog log;
  private final ValueDigest digest;
  private final AsideTable aside;
  private final CellTable merging;
  private final SnapshotRecord.Writer writer = new SnapshotRecord.Writer();
  private final Iterator<TableAccess> tables;
  private Optional<TableAccess> table = Optional.empty();
  private List<Integer> numbers = List.of();
  private Iterator<Map.Entry<RowKey, ShadowRow>> shadows = Collections.emptyIterator();
  private Iterator<SnapshotRecord.Row> pieces = Collections.emptyIterator();
  private Bytes after = Bytes.EMPTY;
  private ByteWriter record = new ByteWriter();
  private int told;
  private boolean started;

  private SnapshotSource(Database database) {
    this.database = database;
    this.sites = new SiteBook(database);
    this.log = new ChangeLog(database, sites);
    this.digest = new ValueDigest(new Meta(database).bytes(Fact.DIGEST_SECRET).orElse(Bytes.EMPTY));
    this.aside = new AsideTable(database);
    this.merging = new CellTable(database, sites);
    this.tables =
        new TableBook(database, new SchemaReader(database))
            .readable().stream()
                .map(each -> TableAccess.of(database, each, sites))
                .toList()
                .iterator();
  }

  /** Opens the replica in {@code file} as it is at this moment. */
  static SnapshotSource open(Path file) {
    Database database = Database.openToRead(file);
    boolean done = false;
    try {
      database.run("BEGIN");
      SnapshotSource source = new SnapshotSource(database);
      done = true;
      return source;
    } finally {
      if (!done) {
        database.close();
      }
    }
  }

  /**
   * The next bytes of it.
   *
   * @return so many at most, and no less but at the end; empty after that
   * @throws MeshException FAILURE if a value cannot be told exactly
   */
  public Bytes next(int bytesMax) {
    ByteWriter next = new ByteWriter(bytesMax);
    while (next.size() < bytesMax && (told < record.size() || advance())) {
      int end = told + Math.min(record.size() - told, bytesMax - next.size());
      next.raw(Arrays.copyOfRange(record.unsafeBuffer(), told, end));
      told = end;
    }
    return next.toBytes();
  }

  /** Writes the next record. @return whether there is one */
  private boolean advance() {
    Optional<SnapshotRecord> next = Optional.empty();
    if (!started) {
      started = true;
      next = Optional.of(start());
    } else if (hasPiece()) {
      next = Optional.of(pieces.next());
    } else if (tables.hasNext()) {
      next = Optional.of(begin(tables.next()));
    }
    next.ifPresent(this::write);
    return next.isPresent();
  }

  private void write(SnapshotRecord next) {
    // Of a large value there is to be one copy here, not the two or three of a buffer that grows.
    long bytes = RECORD_BYTES;
    if (next instanceof SnapshotRecord.Row row) {
      bytes += row.key().values().stream().mapToLong(Value::bytes).sum();
      bytes += row.values().values().stream().mapToLong(Value::bytes).sum();
    }
    record = new ByteWriter((int) Math.min(SnapshotJoiner.RECORD_BYTES_MAX, bytes));
    writer.write(record.u32(0), next);
    record.overwriteU32(0, record.size() - SnapshotJoiner.LENGTH_BYTES);
    told = 0;
  }

  private SnapshotRecord start() {
    Map<SiteId, SnapshotRecord.Floor> floors = new TreeMap<>();
    sites
        .floors()
        .heads()
        .forEach(
            (site, head) ->
                floors.put(
                    site, new SnapshotRecord.Floor(head, log.clockBy(new Dot(site, head.seq())))));
    return new SnapshotRecord.Start(
        sites.all(), floors, sites.shownSummary().heads(), sites.forks(), sites.allSeen());
  }

  private SnapshotRecord begin(TableAccess access) {
    table = Optional.of(access);
    after = Bytes.EMPTY;
    SortedMap<Integer, String> names = new TreeMap<>();
    access.table().columnNumbers().forEach((name, number) -> names.put(number, name));
    numbers = List.copyOf(names.keySet());
    return new SnapshotRecord.Table(
        access.table().name(), access.table().shape().key().size(), List.copyOf(names.values()));
  }

  /** Whether the table has a further record; reads the next row where the last one is told. */
  private boolean hasPiece() {
    while (!pieces.hasNext() && table.isPresent()) {
      if (!shadows.hasNext()) {
        shadows = table.get().shadows().walk(after, PAGE_ROWS).entrySet().iterator();
      }
      if (shadows.hasNext()) {
        Map.Entry<RowKey, ShadowRow> row = shadows.next();
        after = row.getKey().encoded();
        if (!row.getValue().unsent()) {
          pieces = pieces(table.get(), row.getKey(), row.getValue());
        }
      } else {
        table = Optional.empty();
      }
    }
    return pieces.hasNext();
  }

  /** A row: one record, or several, each with some of its cells, if it is large. */
  private Iterator<SnapshotRecord.Row> pieces(TableAccess access, RowKey key, ShadowRow shadow) {
    RowState merged = shadow.merged();
    List<Integer> there = access.table().numbers();
    List<SnapshotRecord.Row> rows = new ArrayList<>();
    Map<Integer, CellState> cells = new TreeMap<>();
    SortedMap<Integer, Value> values = new TreeMap<>();
    Map<Integer, MergedCell> kept = merging.ofRow(access.table(), key);
    SortedMap<Integer, MergedCell> operated = new TreeMap<>();
    Optional<List<Value>> shown =
        shadow.shown().present() ? access.rows().find(key) : Optional.empty();
    long bytes = 0;
    for (Map.Entry<Integer, CellState> cell : merged.cells().entrySet()) {
      int number = cell.getKey();
      // What was written to a column that was dropped here is in batches, or gone.
      Optional<Value> value =
          there.contains(number)
              ? Optional.of(
                  value(access.table(), key, shadow, shown, number, cell.getValue().winner()))
              : Optional.empty();
      long more = value.map(Value::bytes).orElse(0L);
      if (!cells.isEmpty() && bytes + more > RECORD_BYTES_TARGET) {
        rows.add(piece(key, merged, cells, values, operated));
        cells.clear();
        values.clear();
        operated.clear();
        bytes = 0;
      }
      int place = numbers.indexOf(number);
      cells.put(place, cell.getValue());
      value.ifPresent(each -> values.put(place, each));
      Optional.ofNullable(kept.get(number)).ifPresent(each -> operated.put(place, each));
      bytes += more;
    }
    rows.add(piece(key, merged, cells, values, operated));
    return rows.iterator();
  }

  private static SnapshotRecord.Row piece(
      RowKey key,
      RowState merged,
      Map<Integer, CellState> cells,
      SortedMap<Integer, Value> values,
      SortedMap<Integer, MergedCell> operated) {
    RowState state = RowState.of(merged.alive(), merged.dead(), cells);
    return new SnapshotRecord.Row(key, state, values, operated);
  }

  private Value value(
      TrackedTable table,
      RowKey key,
      ShadowRow shadow,
      Optional<List<Value>> shown,
      int number,
      Stamp winner) {
    int place = table.numbers().indexOf(number);
    Column column = table.shape().columns().get(place);
    Long noted = shadow.shown().digests().get(number);
    return shown
        .map(row -> row.get(place))
        .filter(value -> noted != null && noted == digest.of(value))
        .or(() -> log.values().at(winner, table, key, column))
        .or(() -> aside.find(table, key).map(cells -> cells.get(number)))
        .orElseThrow(() -> untold(table));
  }

  private static MeshException untold(TrackedTable table) {
    return new MeshException(
        ErrorCode.FAILURE,
        "a value of " + table.name() + " is in no table and in no batch any more",
        "fazt mesh verify");
  }

  @Override
  public void close() {
    database.close();
  }
}
