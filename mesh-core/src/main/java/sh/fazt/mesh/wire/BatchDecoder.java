package sh.fazt.mesh.wire;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Carried;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.BatchEncoder.Column;

/** The signed bytes of a batch back to the batch; trusts nothing that it reads. One use. */
final class BatchDecoder {
  private final ByteReader in;
  private final List<SiteId> sites = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final Set<Hlc> stamps = new HashSet<>();
  private Hlc low = Hlc.ZERO;
  private Hlc high = Hlc.ZERO;
  private boolean carrier;

  private BatchDecoder(ByteReader body) {
    this.in = body;
  }

  static Batch decode(ByteReader body) throws MalformedException {
    return decode(body, true);
  }

  /**
   * @param mayCarry whether it may be a carrier: one that is carried is not opened, or each would
   *     take memory and stack for the next
   */
  private static Batch decode(ByteReader body, boolean mayCarry) throws MalformedException {
    int size = body.remaining();
    BatchDecoder decoder = new BatchDecoder(body);
    BatchHeader header = decoder.header();
    if (decoder.carrier && !mayCarry) {
      throw new MalformedException("a carrier carries the carrier " + header.dot());
    } else if (decoder.carrier) {
      Carried carried = decoder.carried(header);
      decoder.in.end();
      return new Batch(header, carried);
    } else if (size > WireLimits.BATCH_BYTES_MAX - SigningKey.SIGNATURE_SIZE) {
      throw new MalformedException("batch of " + size + " bytes");
    }
    decoder.tables();
    decoder.in.end();
    return new Batch(header, decoder.changes);
  }

  private Carried carried(BatchHeader header) throws MalformedException {
    Bytes signed = in.bytes(WireLimits.BATCH_BYTES_MAX);
    if (signed.size() < SigningKey.SIGNATURE_SIZE || !header.high().equals(Hlc.ZERO)) {
      throw new MalformedException(header.dot() + " carries " + signed.size() + " bytes");
    }
    int size = signed.size() - SigningKey.SIGNATURE_SIZE;
    Batch batch = decode(new ByteReader(signed, size), false);
    if (batch.header().dot().site().equals(sites.get(0))) {
      throw new MalformedException(header.dot() + " carries " + batch.header().dot());
    }
    return new Carried(signed, Hash.of(signed.unsafeArray(), size), batch);
  }

  private BatchHeader header() throws MalformedException {
    int format = in.u8();
    if (format != BatchEncoder.FORMAT) {
      throw new MalformedException("batch format " + format + ", known is " + BatchEncoder.FORMAT);
    }
    MeshId mesh = MeshId.readFrom(in);
    Dot dot = Dot.readFrom(in);
    Hash previous = Hash.readFrom(in);
    int flags = in.u8();
    if ((flags & ~(BatchEncoder.FLAG_LAST | BatchEncoder.FLAG_CARRIER)) != 0) {
      throw new MalformedException("unknown batch flags " + flags);
    }
    boolean last = (flags & BatchEncoder.FLAG_LAST) != 0;
    carrier = (flags & BatchEncoder.FLAG_CARRIER) != 0;
    int part = in.count("part", Integer.MAX_VALUE);
    long epoch = in.varint();
    low = new Hlc(in.u64());
    high = new Hlc(low.packed() + in.varint());
    if (high.compareTo(low) < 0 || epoch < 0 || (low.isGenesis() && !high.equals(Hlc.ZERO))) {
      throw new MalformedException("stamps from " + low + " to " + high);
    }
    sites.add(dot.site());
    int others = in.count("sites", WireLimits.SITES_MAX);
    for (int i = 0; i < others; i++) {
      sites.add(SiteId.readFrom(in));
    }
    return new BatchHeader(mesh, dot, previous, part, last, epoch, low, high, seen());
  }

  private List<BatchHeader.Seen> seen() throws MalformedException {
    int count = in.count("causal context", WireLimits.SITES_MAX);
    List<BatchHeader.Seen> seen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SiteId site = site();
      long seq = in.varint();
      if (seq < 1 || site.equals(sites.get(0))) {
        throw new MalformedException("causal context names " + site + ":" + seq);
      }
      seen.add(new BatchHeader.Seen(new Dot(site, seq), Hash.readFrom(in)));
    }
    return seen;
  }

  private SiteId site() throws MalformedException {
    return sites.get(in.count("site number", sites.size() - 1));
  }

  private void tables() throws MalformedException {
    int count = in.count("tables", WireLimits.TABLES_MAX);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      table(names);
    }
  }

  private void table(Set<String> names) throws MalformedException {
    String name = once(names);
    int keySize = in.count("key columns", WireLimits.COLUMNS_MAX);
    if (keySize == 0) {
      throw new MalformedException("no key columns: " + name);
    }
    int columnCount = in.count("columns", WireLimits.COLUMNS_MAX);
    Set<Column> columns = new LinkedHashSet<>();
    for (int i = 0; i < columnCount; i++) {
      Column column = new Column(in.text(WireLimits.NAME_BYTES_MAX), in.u8());
      if (!columns.add(column)) {
        throw new MalformedException("named twice: " + column.name());
      }
    }
    int rows = in.count("changes", WireLimits.CHANGES_MAX - changes.size());
    for (int i = 0; i < rows; i++) {
      changes.add(row(name, keySize, List.copyOf(columns)));
    }
  }

  /**
   * A name that is not one of these yet: else a row would have a cell twice, or a table two keys.
   */
  private String once(Set<String> names) throws MalformedException {
    String name = in.text(WireLimits.NAME_BYTES_MAX);
    if (!names.add(name)) {
      throw new MalformedException("named twice: " + name);
    }
    return name;
  }

  private Change row(String table, int keySize, List<Column> columns) throws MalformedException {
    int flags = in.u8();
    int kind = flags & BatchEncoder.KIND_MASK;
    if ((flags & ~(BatchEncoder.KIND_MASK | BatchEncoder.ROW_GENESIS)) != 0) {
      throw new MalformedException("unknown row flags " + flags + " in " + table);
    }
    Hlc hlc = (flags & BatchEncoder.ROW_GENESIS) != 0 ? Hlc.of(0, in.u16()) : stamp();
    return switch (kind) {
      case BatchEncoder.KIND_INSERT -> new Change.Insert(table, key(keySize), hlc, cells(columns));
      case BatchEncoder.KIND_UPDATE -> update(table, keySize, hlc, columns);
      case BatchEncoder.KIND_DELETE -> new Change.Delete(table, key(keySize), hlc);
      default -> throw new MalformedException("row kind " + kind + " in " + table);
    };
  }

  private Hlc stamp() throws MalformedException {
    Hlc hlc = new Hlc(low.packed() + in.varint());
    if (hlc.compareTo(low) < 0 || hlc.compareTo(high) > 0 || hlc.isGenesis()) {
      throw new MalformedException("stamp " + hlc + " outside " + low + " to " + high);
    }
    if (!stamps.add(hlc)) {
      throw new MalformedException("stamp " + hlc + " twice");
    }
    return hlc;
  }

  private Change update(String table, int keySize, Hlc hlc, List<Column> columns)
      throws MalformedException {
    SiteId site = site();
    Stamp life = new Stamp(new Hlc(in.varint()), site);
    RowKey key = key(keySize);
    List<Cell> cells = cells(columns);
    if (cells.isEmpty()) {
      throw new MalformedException("an update without cells in " + table);
    }
    return new Change.Update(table, key, hlc, life, cells);
  }

  private RowKey key(int size) throws MalformedException {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Value value = Value.readFrom(in);
      if (value.equals(Value.NULL)) {
        throw new MalformedException("NULL in a key");
      }
      values.add(value);
    }
    return new RowKey(values);
  }

  private List<Cell> cells(List<Column> columns) throws MalformedException {
    Bytes mask = in.fixed((columns.size() + 7) / 8);
    List<Cell> cells = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < mask.size() * 8; i++) {
      if ((mask.at(i / 8) >> (i % 8) & 1) != 0) {
        if (i >= columns.size()) {
          throw new MalformedException("cell of column " + i + " of " + columns.size());
        }
        if (!names.add(columns.get(i).name())) {
          throw new MalformedException("a cell twice: " + columns.get(i).name());
        }
        cells.add(cell(columns.get(i)));
      }
    }
    return cells;
  }

  private Cell cell(Column column) throws MalformedException {
    Value value = Value.readFrom(in);
    if (column.type() != Cell.LWW && !(value instanceof Value.Blob)) {
      throw new MalformedException("no payload for " + column);
    }
    return new Cell(column.name(), column.type(), value);
  }
}
