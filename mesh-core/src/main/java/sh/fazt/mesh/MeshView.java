package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TableVerdict;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.OpTable;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.PeerTable;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableBook;

/**
 * What a person may want to see of a replica. It only reads, so it works beside a running daemon as
 * well as without one. Confined to the thread that opened it.
 */
public final class MeshView implements AutoCloseable {
  private static final long DAY_MILLIS = 24 * 60 * 60 * 1000L;

  private final Database database;
  private final Meta meta;
  private final SiteBook sites;

  MeshView(Database database) {
    this.database = database;
    this.meta = new Meta(database);
    this.sites = new SiteBook(database);
  }

  /**
   * Opens the replica in {@code file} to look at it.
   *
   * @throws sh.fazt.mesh.fault.MeshException NO_DATABASE, NOT_A_DATABASE, NOT_INITIALIZED
   */
  public static MeshView open(Path file) {
    return new MeshView(Replica.open(file));
  }

  /** This node's key. */
  public VerifyKey node() {
    return new VerifyKey(
        meta.bytes(Fact.NODE)
            .orElseThrow(() -> new IllegalStateException("the database names no node")));
  }

  public String name() {
    return meta.text(Fact.NAME).orElse("");
  }

  /** Where the daemon listens, HOST:PORT, if somebody said. */
  public Optional<String> listen() {
    return meta.text(Fact.LISTEN);
  }

  public Roster roster() {
    return Roster.fold(Replica.meshId(meta), new OpTable(database).all());
  }

  /** What is remembered of other nodes' whereabouts. */
  public Map<VerifyKey, PeerTable.Peer> peers() {
    return new PeerTable(database).all();
  }

  /**
   * The replica in numbers.
   *
   * @param bytes size of the database file
   * @param tables how many replicate
   * @param rows in these tables
   * @param unsent rows that were touched and not harvested yet
   * @param conflicts24h values that lost to a concurrent write within a day
   */
  public record Figures(
      long bytes, int tables, long rows, long unsent, long parked, long aside, long conflicts24h) {}

  public Figures figures(long nowMillis) {
    int count = 0;
    long rows = 0;
    long unsent = 0;
    for (TrackedTable table : tracked().values()) {
      count++;
      rows += count(Identifier.quoted(table.name()));
      unsent += count(table.touched());
    }
    return new Figures(
        database.scalar("PRAGMA page_count") * database.scalar("PRAGMA page_size"),
        count,
        rows,
        unsent,
        new ParkedTable(database).count(),
        new AsideTable(database).count(),
        new ConflictTable(database, sites).countSince(nowMillis - DAY_MILLIS));
  }

  private long count(String quotedTable) {
    return database.scalar("SELECT count(*) FROM " + quotedTable);
  }

  /** Every table of the application's and how it stands, by name. */
  public List<TableStatus> tables() {
    Map<String, TrackedTable> tracked = tracked();
    Map<String, Long> parked = parkedByTable();
    List<TableStatus> statuses = new ArrayList<>();
    TreeSet<String> missing = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    missing.addAll(new TableBook(database, new SchemaReader(database)).names());
    for (TableVerdict verdict : new SchemaReader(database).tables()) {
      boolean wanted = missing.remove(verdict.name());
      statuses.add(status(verdict, wanted, tracked, parked));
    }
    for (String name : missing) {
      statuses.add(
          new TableStatus(
              name,
              TableStatus.State.MISSING,
              -1,
              parked.getOrDefault(lower(name), 0L),
              0,
              Optional.of("this database has no such table")));
    }
    return statuses;
  }

  private TableStatus status(
      TableVerdict verdict,
      boolean wanted,
      Map<String, TrackedTable> tracked,
      Map<String, Long> parked) {
    String name = verdict.name();
    long waiting = parked.getOrDefault(lower(name), 0L);
    if (verdict instanceof TableVerdict.Refused refused) {
      return new TableStatus(
          name, TableStatus.State.REFUSED, -1, waiting, 0, Optional.of(refused.reason()));
    }
    TrackedTable table = tracked.get(lower(name));
    TableStatus.State state =
        wanted && table != null ? TableStatus.State.REPLICATED : TableStatus.State.HOME;
    long aside = table == null ? 0 : new AsideTable(database).keys(table, Integer.MAX_VALUE).size();
    return new TableStatus(
        name, state, count(Identifier.quoted(name)), waiting, aside, Optional.empty());
  }

  private Map<String, TrackedTable> tracked() {
    Map<String, TrackedTable> tracked = new TreeMap<>();
    for (TrackedTable table : new TableBook(database, new SchemaReader(database)).known()) {
      tracked.put(lower(table.name()), table);
    }
    return tracked;
  }

  private Map<String, Long> parkedByTable() {
    Map<String, Long> counts = new HashMap<>();
    for (ParkedTable.Parked parked : new ParkedTable(database).all(Integer.MAX_VALUE)) {
      counts.merge(lower(parked.table()), 1L, Long::sum);
    }
    return counts;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The newest batches of the change log first. */
  public List<LogEntry> log(int limit) {
    Roster roster = roster();
    List<LogEntry> entries = new ArrayList<>();
    for (ChangeLog.Logged logged : new ChangeLog(database, sites).newest(limit)) {
      Batch batch = logged.batch();
      SiteId site = batch.header().dot().site();
      SortedMap<String, Integer> changes = new TreeMap<>();
      for (Change change : batch.changes()) {
        changes.merge(change.table(), 1, Integer::sum);
      }
      entries.add(
          new LogEntry(
              batch.header().dot(),
              logged.hash(),
              NodeId.of(site.node()),
              roster.member(site.node()).map(Member::name).orElse("?"),
              batch.header().high().millis(),
              logged.receivedAtMillis(),
              changes));
    }
    return entries;
  }

  @Override
  public void close() {
    database.close();
  }
}
