package sh.fazt.mesh.node;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.netty.LinkLimits;
import sh.fazt.mesh.netty.Links;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.netty.TlsIdentity;

/**
 * A node from its first moment to its last: opens its parts together, opens the database anew when
 * it must be, and closes all in order, whatever went wrong. Thread-safe.
 */
final class NodeLife implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);

  /** Until the next try to open the database again. */
  private static final long RETRY_MILLIS = 1_000;

  /** What may end by itself: a program's long write, a full or failing disk. */
  private static final Set<ErrorCode> PASSING =
      Set.of(ErrorCode.DATABASE_BUSY, ErrorCode.DISK_FULL, ErrorCode.FAILURE);

  private final NodeConfig config;
  private final Listeners listeners;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final MeshLoop loop;
  private final Links network;
  private final Listening listening;
  private final LinkListener dialled;
  private final AutoCloseable watch;
  private volatile NodeCore core;

  /** Why the database, closed to be opened again, cannot be opened just now. */
  private Optional<MeshException> hindrance = Optional.empty();

  private volatile boolean closed;

  /**
   * @param listeners told on the mesh thread what people may want to know
   */
  NodeLife(NodeConfig config, Listeners listeners, long startedMillis) {
    this.config = config;
    this.listeners = listeners;
    this.loop = new MeshLoop("mesh", startedMillis, this::failed);
    this.dialled = new InboundLinks(loop, new Dialled());
    loop.start();
    try {
      // All in one piece on the mesh thread: a caller may knock as soon as the port is open.
      Parts parts = await(loop.ask(this::open));
      this.network = parts.network();
      this.listening = parts.listening();
      this.core = parts.core();
      this.watch = DatabaseWatch.start(config.database(), () -> core.harvesting().wake());
    } catch (RuntimeException e) {
      loop.close();
      throw e;
    }
    loop.submit(() -> core.start());
  }

  private record Parts(Links network, Listening listening, NodeCore core) {}

  private Parts open() {
    Mesh mesh = openMesh();
    Links links =
        new Links(TlsIdentity.create(mesh.nodeKey()), LinkLimits.DEFAULT, NodeConfig.VERSION);
    try {
      LinkListener inbound = new InboundLinks(loop, new ToReception());
      Listening opened = Listening.open(config, mesh, links, inbound);
      NodeCore made = makeCore(mesh, links, opened);
      this.core = made;
      return new Parts(links, opened, made);
    } catch (RuntimeException e) {
      links.close();
      throw e;
    }
  }

  /** Opens the database, to be closed by the mesh thread as its last deed. */
  private Mesh openMesh() {
    Mesh mesh = Mesh.open(config.database(), config.ambient());
    loop.onEnd(mesh::close);
    return mesh;
  }

  private NodeCore makeCore(Mesh mesh, Links links, Listening opened) {
    DiskRoom room = new DiskRoom(config.database(), config.gauge());
    return new NodeCore(
        new Agenda(loop),
        mesh,
        links,
        dialled,
        new Visibility(opened.address(), config.lan()),
        room,
        listeners,
        this::reopen);
  }

  /** What is in memory no longer holds; of several requests the first does it. */
  private void reopen() {
    if (hindrance.isPresent() || !core.mesh().mustReopen()) {
      return;
    }
    if (core.mesh().isElsewhere()) {
      loop.fail(runsTwice(core.mesh()));
      return;
    }
    try {
      core.stop(
          core.mesh().isOlderCopy()
              ? "its database was restored"
              : "what its clock stamped ahead is signed anew");
      core.mesh().close();
      openAgain();
    } catch (RuntimeException e) {
      loop.fail(e);
    }
  }

  private void openAgain() {
    if (closed) {
      return;
    }
    try {
      Mesh mesh = openMesh();
      try {
        core = makeCore(mesh, network, listening);
      } catch (RuntimeException e) {
        mesh.close();
        throw e;
      }
      hindrance = Optional.empty();
    } catch (MeshException e) {
      waitToOpen(e);
      return;
    }
    core.start();
  }

  private void waitToOpen(MeshException e) {
    if (!PASSING.contains(e.code())) {
      loop.fail(e);
      return;
    }
    if (hindrance.isEmpty()) {
      LOG.warn("cannot open the database again just now ({}): {}", e.code(), e.getMessage());
    }
    hindrance = Optional.of(e);
    loop.schedule("open", loop.nowMillis() + RETRY_MILLIS, this::openAgain);
  }

  private static MeshException runsTwice(Mesh mesh) {
    return new MeshException(
        ErrorCode.RUNS_TWICE,
        "another process writes as this node, with a copy of its keys; one of the two must leave"
            + " and join again. What was written to "
            + mesh.file()
            + " is kept, and taken in when it is started again",
        "fazt mesh leave");
  }

  /** To whichever core there is: a link outlives the core that has called. */
  private class ToReception implements LinkListener {
    @Override
    public void opened(MeshLink link) {
      core.reception().opened(link);
    }

    @Override
    public void frame(MeshLink link, Bytes frame) {
      core.reception().frame(link, frame);
    }

    @Override
    public void writabilityChanged(MeshLink link) {
      core.reception().writabilityChanged(link);
    }

    @Override
    public void closed(MeshLink link, String reason) {
      core.reception().closed(link, reason);
    }
  }

  private final class Dialled extends ToReception {
    @Override
    public void opened(MeshLink link) {
      core.reception().dialled(link);
    }
  }

  /** Where this node listens, with the real port. */
  ListenAddress address() {
    return listening.address();
  }

  /** Runs {@code work} on the mesh thread; fails while the database is not open. */
  <T> CompletableFuture<T> ask(Function<NodeCore, T> work) {
    return loop.ask(
        () -> {
          if (hindrance.isPresent()) {
            throw hindrance.get();
          }
          return work.apply(core);
        });
  }

  /**
   * The answer, once it is there; not to be called on the mesh thread.
   *
   * @throws MeshException where that is why there is none
   */
  static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MeshException fault) {
        throw fault;
      }
      throw e;
    }
  }

  private void failed(Throwable fault) {
    if (fault instanceof MeshException known) {
      LOG.error("the node stops ({}): {}", known.code(), known.getMessage());
    } else {
      LOG.error("the mesh thread met a fault and stops", fault);
    }
    failure.complete(fault);
  }

  /** Completes if the node can no longer go on, with the reason. */
  CompletableFuture<Throwable> failure() {
    return failure.copy();
  }

  /** Says goodbye and stops; not to be called on the mesh thread. Calling again does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      watch.close();
    } catch (Exception e) {
      LOG.debug("closing", e);
    }
    stopCore();
    listening.server().close();
    network.close();
    loop.close();
  }

  /** Stops what runs on the mesh thread; one that has ended does not hold up the end. */
  private void stopCore() {
    CompletableFuture<Boolean> stopped =
        loop.ask(
            () -> {
              if (hindrance.isEmpty()) {
                core.stop("the node stops");
              }
              return true;
            });
    try {
      stopped.join();
    } catch (CompletionException e) {
      LOG.warn("the end was not clean", e.getCause());
      core.nearby().hush();
    }
  }
}
