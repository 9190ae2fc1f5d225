package sh.fazt.mesh.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.MeshSetup;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.netty.LinkLimits;
import sh.fazt.mesh.netty.Links;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.netty.TlsIdentity;
import sh.fazt.mesh.roster.InviteId;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Role;

/**
 * A node that runs: it keeps its database in sync with the other members' by itself, until it is
 * closed. Thread-safe; futures complete on the mesh thread, so what hangs on them must not block.
 */
public final class MeshNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MeshNode.class);

  private final NodeConfig config;
  private final MeshLoop loop;
  private final List<Consumer<NodeEvent>> listeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final Links network;
  private final Listening listening;
  private final AutoCloseable watch;
  private final long startedMillis;
  private volatile NodeCore core;
  private volatile boolean closed;

  private MeshNode(NodeConfig config) {
    this.config = config;
    this.startedMillis = config.ambient().now();
    this.loop = new MeshLoop("mesh", startedMillis, this::failed);
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
    Mesh mesh = Mesh.open(config.database(), config.ambient());
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
      mesh.close();
      throw e;
    }
  }

  /**
   * Opens the database and begins to sync.
   *
   * @throws MeshException NO_DATABASE, NOT_INITIALIZED, KEYS_MISSING, ALREADY_OPEN, PORT_IN_USE
   */
  public static MeshNode start(NodeConfig config) {
    return new MeshNode(config);
  }

  private NodeCore makeCore(Mesh mesh, Links links, Listening opened) {
    return new NodeCore(
        loop, mesh, links, Whereabouts.of(opened.address()), this::tell, this::reopen);
  }

  /** The database was put back to an older state: what is in memory no longer holds. */
  private void reopen() {
    core.stop("its database was restored");
    core.mesh().close();
    core = makeCore(Mesh.open(config.database(), config.ambient()), network, listening);
    core.start();
  }

  private final class ToReception implements LinkListener {
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

  /** Where this node listens. */
  public ListenAddress listening() {
    return listening.address();
  }

  /** This node as it is now. */
  public NodeStatus status() {
    return await(
        loop.ask(() -> StatusBoard.of(core, config, startedMillis, listening().toString())));
  }

  /** The other members. */
  public List<PeerStatus> peers() {
    return status().peers();
  }

  /** Runs {@code work} on the mesh thread, then takes in what it changed. */
  public <T> CompletableFuture<T> ask(Function<Mesh, T> work) {
    return loop.ask(
        () -> {
          T result = work.apply(core.mesh());
          core.harvesting().harvest();
          return result;
        });
  }

  /** Begins to replicate tables; see {@link Mesh#track}. */
  public void track(Set<String> tables) {
    await(
        ask(
            mesh -> {
              mesh.track(tables, false);
              return true;
            }));
  }

  /**
   * Compares with peers now, and completes when this node and all that can be reached hold the
   * same, or when the time is over.
   *
   * @param peer its name or id; all members if empty
   * @param waitFor how many other nodes must hold all that this one has; 0 for all that can be
   *     reached
   * @throws MeshException PEER_UNKNOWN
   */
  public CompletableFuture<SyncReport> sync(Optional<String> peer, Duration timeout, int waitFor) {
    return loop.ask(() -> core.sync(targets(peer), waitFor, timeout.toMillis()))
        .thenCompose(answer -> answer);
  }

  private List<Member> targets(Optional<String> peer) {
    List<Member> all = core.peers();
    if (peer.isEmpty()) {
      return all;
    }
    List<Member> named =
        all.stream()
            .filter(m -> m.name().equals(peer.get()) || m.id().text().equals(peer.get()))
            .toList();
    if (named.isEmpty()) {
      throw new MeshException(
          ErrorCode.PEER_UNKNOWN,
          "no member is called "
              + peer.get()
              + "; there are: "
              + all.stream().map(Member::name).collect(Collectors.joining(", ")),
          "fazt mesh peers");
    }
    if (named.size() > 1) {
      throw new MeshException(
          ErrorCode.PEER_UNKNOWN,
          named.size()
              + " members are called "
              + peer.get()
              + "; name one by its id: "
              + named.stream().map(member -> member.id().text()).collect(Collectors.joining(", ")),
          "fazt mesh peers");
    }
    return named;
  }

  /**
   * Makes an invitation for one more node.
   *
   * @param persona the key of a persona that owns a full member
   */
  public CompletableFuture<InviteCode> invite(SigningKey persona, Duration ttl, Role role) {
    return loop.ask(
        () -> {
          InviteCode code =
              Invites.make(core.mesh(), persona, ttl.toMillis(), role, Whereabouts.of(listening()));
          core.rosterChanged();
          return code;
        });
  }

  /** Takes an invitation back, the latest that is open if none is named. */
  public CompletableFuture<InviteId> revoke(Optional<InviteId> invite, SigningKey persona) {
    return loop.ask(
        () -> {
          InviteId revoked = Invites.revoke(core.mesh(), invite, persona);
          core.rosterChanged();
          return revoked;
        });
  }

  /**
   * What leaving came to.
   *
   * @param announcedTo how many peers were told
   * @param unsent what no peer has: batches where one was reached, else changes
   */
  public record LeaveReport(int announcedTo, long unsent) {}

  /**
   * Sends what is unsent, tells the others, stops, and makes the database an ordinary one again.
   * The application's rows stay.
   *
   * @param flush how long to wait for peers to have all
   */
  public CompletableFuture<LeaveReport> leave(Duration flush) {
    return sync(Optional.empty(), flush, 0)
        .thenApply(
            report -> {
              long unsent =
                  report.peers().stream()
                      .filter(peer -> peer.state() != SyncReport.State.OFFLINE)
                      .mapToLong(SyncReport.PeerSync::queued)
                      .min()
                      .orElseGet(() -> core.mesh().view().unreached());
              int told = core.reception().all().size();
              core.leave();
              return new LeaveReport(told, unsent);
            })
        .thenApplyAsync(
            report -> {
              close();
              MeshSetup.dismantle(config.database());
              return report;
            });
  }

  /**
   * Tells {@code listener} of what happens, on the mesh thread, until the result is closed.
   *
   * @param listener must not block
   */
  public AutoCloseable events(Consumer<NodeEvent> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void tell(NodeEvent event) {
    listeners.forEach(listener -> listener.accept(event));
  }

  private static <T> T await(CompletableFuture<T> answer) {
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
    LOG.error("the mesh thread met a fault and stops", fault);
    failure.complete(fault);
  }

  /** Completes if the node can no longer go on, with the reason; it must be closed then. */
  public CompletableFuture<Throwable> failure() {
    return failure.copy();
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.debug("closing", e);
    }
  }

  /** Says goodbye and stops; not to be called on the mesh thread. Calling again does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    closeQuietly(watch);
    onMeshThread(() -> core.stop("the node stops"));
    listening.server().close();
    network.close();
    onMeshThread(() -> core.mesh().close());
    loop.close();
  }

  /** Runs {@code work} there and waits for it; a thread that has died does not hold up the end. */
  private void onMeshThread(Runnable work) {
    try {
      loop.ask(
              () -> {
                work.run();
                return true;
              })
          .join();
    } catch (CompletionException e) {
      LOG.warn("the end was not clean", e.getCause());
    }
  }
}
