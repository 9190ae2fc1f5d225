package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.delta.BundleHeader;
import sh.fazt.mesh.delta.BundleWriter;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.OtherMembers;
import sh.fazt.mesh.roster.SignedOp;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ForkTable;
import sh.fazt.mesh.store.NamedFile;
import sh.fazt.mesh.store.NewFile;
import sh.fazt.mesh.store.OpTable;
import sh.fazt.mesh.store.ReplicaFiles;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Writes what a replica holds to a file, for a node that cannot be reached by a link. It only
 * reads, so it works beside a running daemon. Confined to one thread.
 */
public final class BundleExport {
  private static final int PAGE_BYTES = 1 << 20;

  private final Path database;
  private final Path file;
  private boolean replace;
  private Optional<String> peer = Optional.empty();
  private Map<SiteId, Long> known = Map.of();

  private BundleExport(Path database, Path file) {
    this.database = database;
    this.file = file;
  }

  /** From the replica {@code database} to {@code file}. */
  public static BundleExport of(Path database, Path file) {
    return new BundleExport(database, file);
  }

  /** Replaces a file that is there. */
  public BundleExport replacing() {
    replace = true;
    return this;
  }

  /** Leaves out what the member of that name or id is known to have. */
  public BundleExport forPeer(String nameOrId) {
    peer = Optional.of(nameOrId);
    return this;
  }

  /** The same, with what it has said on a link: of each site the last batch that it holds. */
  public BundleExport knownToHold(Map<SiteId, Long> holds) {
    known = Map.copyOf(holds);
    return this;
  }

  /**
   * What was written.
   *
   * @param batches how many
   * @param leftOut how many the recipient is known to have
   */
  public record Written(long batches, long leftOut, long operations, long bytes) {}

  /**
   * Writes the file, whole or not at all.
   *
   * @param upTo what may leave this machine: of each site the last batch
   * @throws MeshException USAGE if the file cannot be there or is one of the replica's own,
   *     PEER_UNKNOWN, FILE_EXISTS, or FAILURE for what the disk refuses
   */
  public Written write(Summary upTo) {
    ReplicaFiles.requireOther(file, database);
    ReplicaFiles.requireOther(NewFile.part(file), database);
    NamedFile.requirePlace(file);
    try (Database opened = Replica.open(database)) {
      MeshView view = new MeshView(opened);
      SiteBook sites = new SiteBook(opened);
      Optional<VerifyKey> recipient =
          peer.map(name -> OtherMembers.named(view.roster(), view.node(), name).node());
      Map<SiteId, Long> has = recipient.map(node -> held(sites, upTo, node)).orElse(Map.of());
      BundleHeader header = new BundleHeader(view.roster().mesh(), view.site(), recipient, upTo);
      List<DotRange> ranges = ranges(upTo, has);
      DeltaCursor cursor =
          new DeltaCursor(
              new ChangeLog(opened, sites), sites, new ForkTable(opened, sites), ranges);
      List<Written> written = new ArrayList<>();
      NewFile.write(
          file,
          replace,
          out -> {
            BundleWriter writer = new BundleWriter(out, header);
            for (SignedOp operation : new OpTable(opened).all()) {
              writer.operation(operation.encoded());
            }
            for (List<Bytes> page = next(cursor); !page.isEmpty(); page = next(cursor)) {
              for (Bytes envelope : page) {
                writer.envelope(envelope);
              }
            }
            writer.end();
            written.add(
                new Written(
                    writer.batches(), leftOut(upTo, ranges), writer.operations(), writer.bytes()));
          });
      return written.get(0);
    }
  }

  private static List<Bytes> next(DeltaCursor cursor) {
    return cursor.next(PAGE_BYTES).stream().map(SignedBatch::envelope).toList();
  }

  /**
   * What a member is known to hold: what it has signed itself, and what it has signed to have seen.
   * Its earlier incarnations may have held what it has lost since.
   */
  private Map<SiteId, Long> held(SiteBook sites, Summary upTo, VerifyKey node) {
    Map<SiteId, Long> held = new TreeMap<>(known);
    upTo.heads().keySet().stream()
        .filter(site -> site.node().equals(node) && !upTo.forks().containsKey(site))
        .reduce((earlier, later) -> later)
        .ifPresent(
            latest -> {
              held.merge(latest, upTo.seq(latest), Math::max);
              sites.seenBy(latest).forEach((site, seen) -> held.merge(site, seen.seq(), Math::max));
            });
    return held;
  }

  private static List<DotRange> ranges(Summary upTo, Map<SiteId, Long> held) {
    List<DotRange> ranges = new ArrayList<>();
    upTo.heads()
        .forEach(
            (site, head) -> {
              long from = held.getOrDefault(site, 0L) + 1;
              // Beyond the head there is nothing but the two batches that prove a fork.
              long to = upTo.forks().getOrDefault(site, head.seq());
              if (from <= to) {
                ranges.add(new DotRange(site, from, to));
              }
            });
    upTo.forks()
        .forEach(
            (site, seq) -> {
              if (!upTo.heads().containsKey(site)) {
                ranges.add(new DotRange(site, 1, seq));
              }
            });
    return ranges;
  }

  private static long leftOut(Summary upTo, List<DotRange> ranges) {
    long all = upTo.heads().values().stream().mapToLong(head -> head.seq()).sum();
    long there =
        ranges.stream()
            .mapToLong(
                range ->
                    Math.max(0, Math.min(range.to(), upTo.seq(range.site())) - range.from() + 1))
            .sum();
    return all - there;
  }
}
