package sh.fazt.mesh.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Optional;
import sh.fazt.mesh.frame.LinkListener;

/**
 * A port that mesh links and HTTPS share. Thread-safe; {@link #close} must not be called on an I/O
 * thread.
 */
public final class LinkServer implements AutoCloseable {
  private final Channel channel;
  private final ChannelGroup callers;

  private LinkServer(Channel channel, ChannelGroup callers) {
    this.channel = channel;
    this.callers = callers;
  }

  static LinkServer bind(ListenAddress address, EventLoopGroup threads, Callers callers) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark(callers.limits))
            .childHandler(callers)
            .bind(new InetSocketAddress(address.host(), address.port()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw ListenRefusal.of(address, bound.cause()).fault(bound.cause());
    }
    return new LinkServer(bound.channel(), callers.open);
  }

  static WriteBufferWaterMark waterMark(LinkLimits limits) {
    return new WriteBufferWaterMark(limits.writeLowBytes(), limits.writeHighBytes());
  }

  /** The port that is listened on, also where the system chose it. */
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Stops listening and closes the connections that came in. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    callers.close().awaitUninterruptibly();
  }

  /** Prepares each connection that comes in. */
  static final class Callers extends ChannelInitializer<Channel> {
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final SslContext tls;
    private final LinkListener listener;
    private final LinkLimits limits;
    private final String version;
    private final Places places;

    Callers(SslContext tls, LinkListener listener, LinkLimits limits, String version) {
      this.tls = tls;
      this.listener = listener;
      this.limits = limits;
      this.version = version;
      this.places = new Places(limits);
    }

    @Override
    protected void initChannel(Channel caller) {
      Optional<Places.Place> place = places.take();
      if (place.isEmpty()) {
        caller.close();
        return;
      }
      open.add(caller);
      caller.closeFuture().addListener(closed -> place.get().leave());
      caller
          .pipeline()
          .addLast(
              Tls.handler(tls, caller.alloc(), limits),
              new Deadline(limits.openingMillis()),
              new ServerOpening(place.get(), listener, limits, version));
    }
  }
}
