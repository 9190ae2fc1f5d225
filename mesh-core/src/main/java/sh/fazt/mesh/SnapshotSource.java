package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.delta.SnapshotRecord;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.FloorBook;
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
  private static final int PAGE_ROWS = 500;

  private final Database database;
  private final SiteBook sites;
  private final ChangeLog log;
  private final ValueDigest digest;
  private final AsideTable aside;
  private final SnapshotRecord.Writer writer = new SnapshotRecord.Writer();
  private final Iterator<TableAccess> tables;
  private Optional<TableAccess> table = Optional.empty();
  private List<Integer> numbers = List.of();
  private Bytes after = Bytes.EMPTY;
  private Bytes left = Bytes.EMPTY;
  private boolean started;

  private SnapshotSource(Database database) {
    this.database = database;
    this.sites = new SiteBook(database);
    this.log = new ChangeLog(database, sites);
    this.digest = new ValueDigest(new Meta(database).bytes(Fact.DIGEST_SECRET).orElse(Bytes.EMPTY));
    this.aside = new AsideTable(database);
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
    List<Bytes> pieces = new ArrayList<>(List.of(left));
    long size = left.size();
    boolean more = true;
    while (size < bytesMax && more) {
      ByteWriter page = new ByteWriter();
      more = more(page);
      pieces.add(page.toBytes());
      size += page.size();
    }
    left = Bytes.concat(pieces.toArray(Bytes[]::new));
    Bytes next = left.slice(0, Math.min(bytesMax, left.size()));
    left = left.slice(next.size(), left.size());
    return next;
  }

  /** Writes some records. @return whether there were any */
  private boolean more(ByteWriter page) {
    if (!started) {
      started = true;
      write(page, start());
    } else if (table.isPresent()) {
      rows(page, table.get());
    } else if (tables.hasNext()) {
      begin(page, tables.next());
    } else {
      return false;
    }
    return true;
  }

  private void write(ByteWriter page, SnapshotRecord record) {
    ByteWriter bytes = new ByteWriter();
    writer.write(bytes, record);
    page.u32(bytes.size()).raw(bytes.toBytes());
  }

  private SnapshotRecord start() {
    return new SnapshotRecord.Start(
        sites.all(),
        new FloorBook(database, sites).floors(sites.floors()),
        sites.shownSummary().heads(),
        sites.forks(),
        sites.allSeen());
  }

  private void begin(ByteWriter page, TableAccess access) {
    table = Optional.of(access);
    after = Bytes.EMPTY;
    SortedMap<Integer, String> names = new TreeMap<>();
    access.table().columnNumbers().forEach((name, number) -> names.put(number, name));
    numbers = List.copyOf(names.keySet());
    write(
        page,
        new SnapshotRecord.Table(
            access.table().name(),
            access.table().shape().key().size(),
            List.copyOf(names.values())));
  }

  private void rows(ByteWriter page, TableAccess access) {
    Map<RowKey, ShadowRow> rows = access.shadows().walk(after, PAGE_ROWS);
    rows.forEach(
        (key, shadow) -> {
          // Of what was told to nobody the key alone: who has such a row too is to keep it.
          write(
              page,
              shadow.unsent()
                  ? new SnapshotRecord.Row(key, RowState.NONE, new TreeMap<>())
                  : row(access, key, shadow));
          after = key.encoded();
        });
    if (rows.size() < PAGE_ROWS) {
      table = Optional.empty();
    }
  }

  private SnapshotRecord row(TableAccess access, RowKey key, ShadowRow shadow) {
    RowState merged = shadow.merged();
    List<Integer> there = access.table().numbers();
    Map<Integer, CellState> cells = new TreeMap<>();
    SortedMap<Integer, Value> values = new TreeMap<>();
    Optional<List<Value>> shown =
        shadow.shown().present() ? access.rows().find(key) : Optional.empty();
    merged
        .cells()
        .forEach(
            (number, cell) -> {
              int place = numbers.indexOf(number);
              cells.put(place, cell);
              // What was written to a column that was dropped here is in batches, or gone.
              if (there.contains(number)) {
                values.put(place, value(access.table(), key, shadow, shown, number, cell.winner()));
              }
            });
    return new SnapshotRecord.Row(key, RowState.of(merged.alive(), merged.dead(), cells), values);
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
