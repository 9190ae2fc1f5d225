package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ForkTable;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.OpTable;
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
  private final Backlog backlog;

  MeshView(Database database) {
    this.database = database;
    this.meta = new Meta(database);
    this.sites = new SiteBook(database);
    this.backlog = new Backlog(database, sites);
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

  SiteId site() {
    return new SiteId(node(), meta.integer(Fact.INCARNATION).orElse(1L).intValue());
  }

  public String name() {
    return meta.text(Fact.NAME).orElse("");
  }

  /** What this node is called on local networks: its name, unless somebody said otherwise. */
  public String beaconName() {
    return meta.text(Fact.BEACON_NAME).orElseGet(this::name);
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
   * @param untaken rows that were written to and are not taken in yet
   * @param unsent changes made here that no other member is known to have
   * @param waiting delivered changes that cannot show yet
   * @param held mass deletes that wait until a person says
   * @param setAside living rows that a rule keeps out of their table, by table
   * @param conflicts24h values that lost to a concurrent write within a day
   * @param conflicts all of these that do not stand again
   * @param early what was written here by a clock that was ahead
   * @param log how much of the change log is stable, and who holds it back
   */
  public record Figures(
      long bytes,
      int tables,
      long rows,
      long untaken,
      long unsent,
      List<Waiting> waiting,
      List<HeldDeletes> held,
      List<SetAside> setAside,
      long conflicts24h,
      long conflicts,
      EarlyWrites early,
      LogFigures log) {
    public Figures {
      waiting = List.copyOf(waiting);
      held = List.copyOf(held);
      setAside = List.copyOf(setAside);
    }

    /** How many rows are set aside. */
    public long aside() {
      return setAside.stream().mapToLong(SetAside::rows).sum();
    }

    /** How many changes wait. */
    public long parked() {
      return waiting.stream().mapToLong(Waiting::changes).sum();
    }
  }

  public Figures figures(long nowMillis) {
    ConflictTable conflicts = new ConflictTable(database, sites);
    int count = 0;
    long rows = 0;
    for (TrackedTable table : tracked().values()) {
      count++;
      rows += database.scalar("SELECT count(*) FROM " + Identifier.quoted(table.name()));
    }
    return new Figures(
        database.scalar("PRAGMA page_count") * database.scalar("PRAGMA page_size"),
        count,
        rows,
        backlog.untaken(),
        unsent(),
        waiting(),
        held(),
        backlog.setAside(),
        conflicts.countSince(nowMillis - DAY_MILLIS),
        conflicts.countOpen(),
        backlog.early(site(), nowMillis),
        new Frontier(database, sites).figures(roster(), node(), nowMillis));
  }

  /** Every table of the application's and how it stands, by name. */
  public List<TableStatus> tables() {
    return new TableList(database).all();
  }

  /** The nodes that were found to have signed twice. */
  public List<Fork> forks() {
    Roster roster = roster();
    List<Fork> forks = new ArrayList<>();
    for (ForkTable.Found found : new ForkTable(database, sites).all()) {
      VerifyKey node = found.held().site().node();
      String name = roster.member(node).map(Member::name).orElse("?");
      forks.add(new Fork(NodeId.of(node), name, found.held(), found.foundMillis()));
    }
    return forks;
  }

  /**
   * The two batches that prove a fork, of up to 64 MiB each; empty if it is none of this replica's.
   */
  public Optional<Fork.Proof> proof(Fork fork) {
    return new ForkTable(database, sites)
        .proof(fork.held().site())
        .map(proof -> new Fork.Proof(proof.ours(), proof.theirs()));
  }

  /** Whether a table replicates whose rows SQLite numbers, on every node from 1 on. */
  public boolean hasAutomaticKey(String table) {
    TrackedTable known = tracked().get(lower(table));
    return known != null && known.shape().automaticKey();
  }

  private Map<String, TrackedTable> tracked() {
    Map<String, TrackedTable> tracked = new TreeMap<>();
    for (TrackedTable table : new TableBook(database, new SchemaReader(database)).known()) {
      tracked.put(lower(table.name()), table);
    }
    return tracked;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Mass deletes that wait until a person says what becomes of them. */
  public List<HeldDeletes> held() {
    return new HeldList(database, sites).all(name(), roster());
  }

  /** Delivered changes that cannot show yet, by table. */
  public List<Waiting> waiting() {
    return backlog.waiting();
  }

  /**
   * How many changes made here no other member is known to have; 0 if there is no other member.
   * Peers that were met since may have them all the same.
   */
  public long unsent() {
    OptionalLong level = levelMillis();
    return level.isPresent() ? backlog.ownSince(node(), level.getAsLong()) : 0;
  }

  /** How many batches made here one member is not known to have. */
  public long unsentTo(VerifyKey member) {
    PeerTable.Peer peer = peers().get(member);
    return backlog.ownBatchesSince(node(), peer == null ? 0 : peer.lastSyncMillis());
  }

  /** What {@link #unsent} counts, by table. */
  public NavigableMap<String, Long> unsentByTable() {
    OptionalLong level = levelMillis();
    return level.isPresent() ? backlog.ownSinceByTable(node(), level.getAsLong()) : new TreeMap<>();
  }

  /** When another member last had all that is here; empty if there is no other member. */
  private OptionalLong levelMillis() {
    VerifyKey self = node();
    Map<VerifyKey, PeerTable.Peer> peers = peers();
    return roster().members().stream()
        .filter(member -> member.active() && !member.node().equals(self))
        .map(member -> Optional.ofNullable(peers.get(member.node())))
        .mapToLong(peer -> peer.map(PeerTable.Peer::lastSyncMillis).orElse(0L))
        .max();
  }

  /** Values that lost to concurrent writes and do not stand again, the latest first. */
  public List<ConflictEntry> conflicts(int limit) {
    return conflicts(limit, false);
  }

  /**
   * Values that lost to concurrent writes, the latest first.
   *
   * @param evenSettled whether those are among them that stand again
   */
  public List<ConflictEntry> conflicts(int limit, boolean evenSettled) {
    return new ConflictList(database, sites, roster()).latest(limit, evenSettled);
  }

  /**
   * The newest batches of the change log first.
   *
   * @throws sh.fazt.mesh.fault.MeshException PEER_UNKNOWN
   */
  public List<LogEntry> log(LogFilter filter) {
    return filter.entries(database, sites, roster());
  }

  /**
   * Why a row is as it is.
   *
   * @param key as a person types it, {@code app_7f3k/theme}; {@link
   *     sh.fazt.mesh.schema.KeyText#read} has the rules
   * @param column tells of this column alone; of all if empty
   * @throws sh.fazt.mesh.fault.MeshException USAGE, TABLE_UNKNOWN, ROW_UNKNOWN, COLUMN_UNKNOWN
   */
  public RowStory explain(String table, String key, Optional<String> column) {
    return new StoryTeller(database, sites, roster(), table).tell(key, column);
  }

  @Override
  public void close() {
    database.close();
  }
}
