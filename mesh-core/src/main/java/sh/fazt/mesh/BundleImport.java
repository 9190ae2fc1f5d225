package sh.fazt.mesh;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.BundleHeader;
import sh.fazt.mesh.delta.BundleReader;
import sh.fazt.mesh.delta.BundleRecord;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.FileFaults;
import sh.fazt.mesh.store.NamedFile;
import sh.fazt.mesh.store.ReplicaFiles;

/**
 * Takes in a bundle: first the whole file is read and checked, then what it holds is taken in as
 * from a link. Memory is bounded by the largest batch. Confined to one thread, which it blocks.
 */
public final class BundleImport {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PAGE_BYTES = 1 << 20;
  private static final int PAGE_BATCHES = 64;

  /** How often one batch may show that this replica is an older copy of itself. */
  private static final int PASTS_MAX = 3;

  private final Path file;
  private final Recipient recipient;
  private final LongConsumer progress;
  private final Map<SiteId, Long> needed = new TreeMap<>();
  private long delivered;
  private long known;
  private long unknown;
  private long forked;

  private BundleImport(Path file, Recipient recipient, LongConsumer progress) {
    this.file = file;
    this.recipient = recipient;
    this.progress = progress;
  }

  /** The replica that takes a bundle in. */
  public interface Recipient {
    MeshId mesh();

    /** Its file, which is no bundle and is not looked at as one. */
    Path database();

    /** Whose bundle it is; before all that it holds. */
    default void from(BundleHeader header) {}

    /**
     * Takes in roster operations.
     *
     * @return whether one was not known
     */
    boolean meet(List<Bytes> operations) throws MalformedException;

    /** As {@link Mesh#ingest}; after an {@link Ingested.OwnPast} it may be called again. */
    List<Ingested> ingest(List<Bytes> envelopes);

    Summary summary();

    /** It holds now all that the maker of the bundle held. */
    void caughtUp();
  }

  /**
   * What became of a bundle.
   *
   * @param delivered batches that were not here before
   * @param known batches that were
   * @param unknown batches of nodes that no member has admitted, as far as is known here
   * @param forked batches that are kept as the proof that their site signed twice, or left out for
   *     that
   * @param missing what must come first for the rest of it
   */
  public record Taken(
      BundleHeader header,
      boolean rosterGrew,
      long delivered,
      long known,
      long unknown,
      long forked,
      List<DotRange> missing) {
    public Taken {
      missing = List.copyOf(missing);
    }
  }

  /**
   * Takes a bundle in. What was taken in stays, whatever comes after; a second time changes
   * nothing.
   *
   * @param progress told how many batches are dealt with
   * @throws MeshException USAGE if there is no such file or it is one of the replica's own,
   *     NOT_A_BUNDLE, VERSION_MISMATCH, OTHER_MESH, BUNDLE_DAMAGED, BUNDLE_REFUSED, and nothing was
   *     taken in; or what the database refuses
   */
  public static Taken take(Path file, Recipient recipient, LongConsumer progress) {
    ReplicaFiles.requireOther(file, recipient.database());
    NamedFile.requireThere(file);
    BundleImport bundle = new BundleImport(file, recipient, progress);
    new BundleCheck(file, recipient.mesh()).run();
    try (InputStream in = open(file)) {
      return bundle.read(new BundleReader(in));
    } catch (BundleReader.NoBundleException | MalformedException e) {
      throw BundleCheck.damaged(file, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw FileFaults.translate("cannot read " + file, file, e);
    }
  }

  static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
  }

  private Taken read(BundleReader reader) throws IOException, MalformedException {
    BundleHeader header = ((BundleRecord.Header) reader.next()).header();
    recipient.from(header);
    List<Bytes> operations = new ArrayList<>();
    BundleRecord next = reader.next();
    while (next instanceof BundleRecord.Operation operation) {
      operations.add(operation.encoded());
      next = reader.next();
    }
    boolean grew = recipient.meet(operations);
    List<Bytes> page = new ArrayList<>();
    long bytes = 0;
    while (next instanceof BundleRecord.Envelope envelope) {
      page.add(envelope.envelope());
      bytes += envelope.envelope().size();
      if (page.size() == PAGE_BATCHES || bytes >= PAGE_BYTES) {
        ingest(page);
        page.clear();
        bytes = 0;
      }
      next = reader.next();
    }
    ingest(page);
    List<DotRange> missing = missing();
    if (missing.isEmpty() && recipient.summary().lacking(header.holds()).isEmpty()) {
      recipient.caughtUp();
    }
    return new Taken(header, grew, delivered, known, unknown, forked, missing);
  }

  private void ingest(List<Bytes> page) {
    List<Bytes> rest = List.copyOf(page);
    int pasts = 0;
    while (!rest.isEmpty()) {
      List<Ingested> results = recipient.ingest(rest);
      boolean past = results.get(results.size() - 1) instanceof Ingested.OwnPast;
      // Where others came before it, it is another batch than the last time.
      pasts = past && results.size() == 1 ? pasts + 1 : past ? 1 : 0;
      if (pasts > PASTS_MAX) {
        throw new MeshException(
            ErrorCode.FAILURE, "this database goes on being an older copy of itself", null);
      }
      results.forEach(this::count);
      rest = rest.subList(past ? results.size() - 1 : results.size(), rest.size());
      progress.accept(delivered + known + unknown + forked);
    }
  }

  private void count(Ingested result) {
    if (result instanceof Ingested.Delivered) {
      delivered++;
    } else if (result instanceof Ingested.Duplicate) {
      known++;
    } else if (result instanceof Ingested.Missing missing) {
      Dot dot = missing.needed();
      needed.merge(dot.site(), dot.seq(), Math::max);
    } else if (result instanceof Ingested.UnknownAuthor) {
      unknown++;
    } else if (result instanceof Ingested.Forked) {
      forked++;
    } else if (result instanceof Ingested.Refused refused) {
      throw BundleCheck.refused(file, refused.why());
    } else if (!(result instanceof Ingested.OwnPast)) {
      throw new AssertionError("unhandled " + result);
    }
  }

  /** What was needed and did not come with the bundle itself. */
  private List<DotRange> missing() {
    Summary held = recipient.summary();
    List<DotRange> missing = new ArrayList<>();
    needed.forEach(
        (site, seq) -> {
          if (held.seq(site) < seq) {
            missing.add(new DotRange(site, held.seq(site) + 1, seq));
          }
        });
    return missing;
  }
}
