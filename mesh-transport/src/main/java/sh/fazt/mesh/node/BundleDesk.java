package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import sh.fazt.mesh.BundleExport;
import sh.fazt.mesh.BundleImport;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.BundleHeader;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.gossip.Input;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Makes bundles of a running node and takes them in: the file is read and written on the caller's
 * thread, the database is worked on in pages by the mesh thread. Blocks its caller, which must not
 * be the mesh thread.
 */
final class BundleDesk implements BundleImport.Recipient {
  /** How often the mesh thread is asked to go on with local writes, before that is a failure. */
  static final int TURNS_MAX = 100_000;

  private final NodeLife life;
  private final Path database;

  /** Who made the bundle that is taken in. */
  private Optional<VerifyKey> maker = Optional.empty();

  BundleDesk(NodeLife life, Path database) {
    this.life = life;
    this.database = database;
  }

  /** What may leave the node, once what was written is taken in; and what a peer holds of it. */
  private record Ready(Summary upTo, Map<SiteId, Long> held) {}

  BundleExport.Written export(Path file, Optional<String> peer, boolean replace) {
    Ready ready = ready(peer);
    BundleExport export = BundleExport.of(database, file).knownToHold(ready.held());
    export = peer.map(export::forPeer).orElse(export);
    return (replace ? export.replacing() : export).write(ready.upTo());
  }

  BundleImport.Taken take(Path file, LongConsumer progress) {
    BundleImport.Taken taken = BundleImport.take(file, this, progress);
    ready(Optional.empty());
    return taken;
  }

  private Ready ready(Optional<String> peer) {
    return turns(
        core -> {
          harvest(core);
          return core.mesh().hasMore() ? Optional.empty() : Optional.of(ready(core, peer));
        });
  }

  private static void harvest(NodeCore core) {
    core.harvesting().harvest();
    Optional<MeshException> hindrance = core.harvesting().hindrance();
    if (hindrance.isPresent()) {
      throw hindrance.get();
    }
  }

  private static Ready ready(NodeCore core, Optional<String> peer) {
    Map<SiteId, Long> held =
        peer.map(name -> core.roster().named(name).node())
            .map(core.exchange().engine()::heldBy)
            .orElse(Map.of());
    return new Ready(core.exchange().engine().summary(), held);
  }

  @FunctionalInterface
  private interface Turn<T> {
    Optional<T> on(NodeCore core);
  }

  /** Asks the mesh thread until it has an answer. */
  private <T> T turns(Turn<T> turn) {
    return turns(database, () -> life.get(turn::on));
  }

  /**
   * @throws MeshException DATABASE_BUSY if {@link #TURNS_MAX} turns have no answer
   */
  static <T> T turns(Path database, Supplier<Optional<T>> turn) {
    for (int i = 0; i < TURNS_MAX; i++) {
      Optional<T> answer = turn.get();
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    throw new MeshException(
        ErrorCode.DATABASE_BUSY,
        "programs write faster to " + database + " than it is taken in",
        "Try again when they rest");
  }

  @Override
  public Path database() {
    return database;
  }

  @Override
  public MeshId mesh() {
    return life.get(core -> core.mesh().id());
  }

  @Override
  public void from(BundleHeader header) {
    maker = Optional.of(header.maker().node());
  }

  /** What became of roster operations. */
  private record Met(boolean grew, Optional<MalformedException> refused) {}

  @Override
  public boolean meet(List<Bytes> operations) throws MalformedException {
    Met met = life.get(core -> meet(core, operations));
    if (met.refused().isPresent()) {
      throw met.refused().get();
    }
    return met.grew();
  }

  private static Met meet(NodeCore core, List<Bytes> operations) {
    try {
      boolean grew = core.mesh().membership().merge(operations);
      if (grew) {
        core.roster().changed();
      }
      return new Met(grew, Optional.empty());
    } catch (MalformedException e) {
      return new Met(false, Optional.of(e));
    }
  }

  @Override
  public List<Ingested> ingest(List<Bytes> envelopes) {
    return turns(
        core -> {
          if (core.mesh().isBehind() || core.mesh().mustReopen()) {
            harvest(core);
            return Optional.empty();
          }
          core.exchange().requireRoom(envelopes);
          return Optional.of(ingest(core, envelopes));
        });
  }

  private List<Ingested> ingest(NodeCore core, List<Bytes> envelopes) {
    Mesh mesh = core.mesh();
    long rowsBefore = mesh.rowsReceived();
    List<Ingested> results = mesh.ingest(envelopes);
    long rows = mesh.rowsReceived() - rowsBefore;
    if (rows > 0) {
      maker.ifPresent(node -> core.received(node, rows));
    }
    mesh.branches().takeFound().forEach(core.exchange()::close);
    List<SignedBatch> brought = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i) instanceof Ingested.Delivered delivered) {
        brought.add(new SignedBatch(delivered.dot(), delivered.hash(), envelopes.get(i)));
      }
    }
    // What was written here and harvested in between was not known to what has come.
    core.exchange().feed(new Input.LocalBatches(mesh.takeFresh()));
    core.exchange().feed(new Input.Brought(brought));
    core.harvesting().harvest();
    return results;
  }

  @Override
  public Summary summary() {
    return life.get(core -> core.mesh().summary());
  }

  @Override
  public void caughtUp() {
    life.run(
        core -> {
          core.mesh().caughtUp();
          core.harvesting().harvest();
        });
  }
}
