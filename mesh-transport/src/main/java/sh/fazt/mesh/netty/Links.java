package sh.fazt.mesh.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkDialer;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.roster.Pin;

/**
 * All TLS links of one node and the I/O threads that serve them. Thread-safe; {@link #close} must
 * not be called on an I/O thread.
 */
public final class Links implements LinkDialer, AutoCloseable {
  private final TlsIdentity identity;
  private final LinkLimits limits;
  private final String version;
  private final EventLoopGroup threads;
  private final ExecutorService lookups;
  private final Set<Dialer> calls = ConcurrentHashMap.newKeySet();

  /**
   * @param version of this program, for whoever asks over HTTPS
   */
  public Links(TlsIdentity identity, LinkLimits limits, String version) {
    this.identity = identity;
    this.limits = limits;
    this.version = version;
    this.threads =
        new MultiThreadIoEventLoopGroup(
            LinkLimits.THREADS,
            new DefaultThreadFactory("mesh-io", true),
            NioIoHandler.newFactory());
    this.lookups = Executors.newSingleThreadExecutor(new DefaultThreadFactory("mesh-dns", true));
  }

  /**
   * Listens for links and HTTPS.
   *
   * @throws MeshException PORT_IN_USE if the address cannot be listened on
   */
  public LinkServer listen(ListenAddress address, LinkListener listener) {
    return LinkServer.bind(
        address, threads, new LinkServer.Callers(Tls.server(identity), listener, limits, version));
  }

  /**
   * Opens a link.
   *
   * @param pin the node that must answer, if that is known
   * @return completed on an I/O thread, after {@link LinkListener#opened}; fails with a {@link
   *     MeshException}: PEER_UNREACHABLE, PEER_KEY_MISMATCH before anything of ours is sent, or
   *     VERSION_MISMATCH
   */
  public CompletableFuture<MeshLink> connect(
      String host, int port, Optional<Pin> pin, LinkListener listener) {
    Dialer.Means means = new Dialer.Means(Tls.client(identity, pin), threads, listener, limits);
    Dialer call = new Dialer(new ListenAddress(host, port), means);
    calls.add(call);
    call.opened().whenComplete((link, failure) -> calls.remove(call));
    lookups.execute(call::dial);
    return call.opened();
  }

  @Override
  public void dial(
      String address, Pin pin, LinkListener listener, Consumer<Optional<Throwable>> answered) {
    ListenAddress target = ListenAddress.parse(address);
    connect(target.host(), target.port(), Optional.of(pin), listener)
        .whenComplete((link, failure) -> answered.accept(Optional.ofNullable(failure)));
  }

  /** Closes every link, gives up every call, and ends the threads. */
  @Override
  public void close() {
    lookups.shutdown();
    // First, so that nobody calls on threads that have ended.
    calls.forEach(Dialer::giveUp);
    threads
        .shutdownGracefully(0, LinkLimits.CLOSING_MILLIS, TimeUnit.MILLISECONDS)
        .syncUninterruptibly();
  }
}
