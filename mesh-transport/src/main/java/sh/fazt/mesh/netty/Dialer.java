package sh.fazt.mesh.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;

/** One attempt to open a link: the addresses of a name, one after the other, until one answers. */
final class Dialer {
  private final String host;
  private final int port;
  private final Bootstrap bootstrap;
  private final CompletableFuture<MeshLink> opened = new CompletableFuture<>();
  private final StringJoiner tried = new StringJoiner(", ");

  Dialer(
      String host,
      int port,
      SslContext tls,
      LinkListener listener,
      LinkLimits limits,
      EventLoopGroup threads) {
    this.host = host;
    this.port = port;
    String remote = new ListenAddress(host, port).toString();
    this.bootstrap =
        new Bootstrap()
            .group(threads)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, limits.connectMillis())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, LinkServer.waterMark(limits))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            Tls.handler(tls, channel.alloc(), limits),
                            new Deadline(limits.openingMillis()),
                            new ClientOpening(remote, listener, limits, opened));
                  }
                });
  }

  /** What comes of it: a link, or a {@link MeshException}. */
  CompletableFuture<MeshLink> opened() {
    return opened;
  }

  /** Looks the name up, which blocks, and begins to call. */
  void dial() {
    try {
      InetAddress[] found = InetAddress.getAllByName(host);
      next(Stream.of(found).limit(LinkLimits.ADDRESSES_MAX).iterator());
    } catch (UnknownHostException e) {
      fail("no such host", e);
    }
  }

  private void next(Iterator<InetAddress> rest) {
    if (!rest.hasNext()) {
      fail("tried tcp " + tried, new UnknownHostException(host));
      return;
    }
    InetSocketAddress address = new InetSocketAddress(rest.next(), port);
    bootstrap
        .connect(address)
        .addListener(
            attempt -> {
              if (!attempt.isSuccess()) {
                tried.add(Addresses.text(address) + " (" + attempt.cause().getMessage() + ")");
                next(rest);
              }
            });
  }

  private void fail(String why, Throwable cause) {
    opened.completeExceptionally(
        new MeshException(
            ErrorCode.PEER_UNREACHABLE,
            "no link to " + new ListenAddress(host, port) + ": " + why,
            "on the other machine: fazt mesh status",
            cause));
  }
}
