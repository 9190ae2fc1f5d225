package sh.fazt.mesh.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.netty.LinkLimits;
import sh.fazt.mesh.netty.Links;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.netty.TlsIdentity;

/**
 * A node from its first moment to its last: opens its parts together, and closes all in order,
 * whatever went wrong. Thread-safe.
 */
final class NodeLife implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);

  private final NodeConfig config;
  private final Listeners listeners;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final MeshLoop loop;
  private final Links network;
  private final Listening listening;
  private volatile NodeCores cores;
  private final AutoCloseable watch;
  private volatile boolean closed;

  /**
   * @param listeners told on the mesh thread what people may want to know
   */
  NodeLife(NodeConfig config, Listeners listeners, long startedMillis) {
    this.config = config;
    this.listeners = listeners;
    this.loop = new MeshLoop("mesh", startedMillis, this::failed);
    loop.start();
    try {
      // All in one piece on the mesh thread: a caller may knock as soon as the port is open.
      Parts parts = await(loop.ask(this::open));
      this.network = parts.network();
      this.listening = parts.listening();
      this.cores = parts.cores();
      this.watch = DatabaseWatch.start(config.database(), cores::wake);
    } catch (RuntimeException e) {
      loop.close();
      throw e;
    }
    loop.submit(cores::start);
  }

  private record Parts(Links network, Listening listening, NodeCores cores) {}

  private Parts open() {
    Mesh mesh = Mesh.open(config.database(), config.ambient());
    loop.onEnd(mesh::close);
    Links links =
        new Links(TlsIdentity.create(mesh.nodeKey()), LinkLimits.DEFAULT, NodeConfig.VERSION);
    try {
      LinkListener inbound = new InboundLinks(loop, new Receiving(() -> cores.reception(), false));
      Listening opened = Listening.open(config, mesh, links, inbound);
      NodeCores made =
          new NodeCores(
              config,
              loop,
              mesh,
              new NodeCores.Outside(
                  links, new Visibility(opened.address(), config.lan()), listeners));
      this.cores = made;
      loop.onEnd(made::close);
      return new Parts(links, opened, made);
    } catch (RuntimeException e) {
      links.close();
      throw e;
    }
  }

  /** Where this node listens, with the real port. */
  ListenAddress address() {
    return listening.address();
  }

  /** Runs {@code work} on the mesh thread; fails while the database is not open. */
  <T> CompletableFuture<T> ask(Function<NodeCore, T> work) {
    return loop.ask(() -> work.apply(cores.core()));
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

  /** As {@link #ask}, and waits for the answer; not to be called on the mesh thread. */
  <T> T get(Function<NodeCore, T> work) {
    return await(ask(work));
  }

  /** As {@link #get}, without an answer. */
  void run(Consumer<NodeCore> work) {
    get(
        core -> {
          work.accept(core);
          return true;
        });
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
              cores.stop("the node stops");
              return true;
            });
    try {
      stopped.join();
    } catch (CompletionException e) {
      LOG.warn("the end was not clean", e.getCause());
      cores.hush();
    }
  }
}
