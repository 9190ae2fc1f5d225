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
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;

/** One attempt to open a link: the addresses of a name, one after the other, until one answers. */
final class Dialer {
  private final ListenAddress remote;
  private final Means means;
  private final CompletableFuture<MeshLink> opened = new CompletableFuture<>();
  private final StringJoiner tried = new StringJoiner(", ");

  /** What a link is opened with. */
  record Means(SslContext tls, EventLoopGroup threads, LinkListener listener, LinkLimits limits) {}

  Dialer(ListenAddress remote, Means means) {
    this.remote = remote;
    this.means = means;
  }

  /** What comes of it: a link, or a {@link MeshException}. */
  CompletableFuture<MeshLink> opened() {
    return opened;
  }

  /** Looks the name up, which blocks, and begins to call. */
  void dial() {
    try {
      call(InetAddress.getAllByName(remote.host()));
    } catch (UnknownHostException e) {
      fail("no such host", e);
    }
  }

  /** Calls the first addresses of the name, one after the other. */
  void call(InetAddress... found) {
    next(bootstrap(), Stream.of(found).limit(LinkLimits.ADDRESSES_MAX).iterator());
  }

  /** Fails the attempt if it is still under way. */
  void giveUp() {
    fail("this node is shutting down", null);
  }

  private void next(Bootstrap bootstrap, Iterator<InetAddress> rest) {
    if (opened.isDone()) {
      return;
    }
    if (!rest.hasNext()) {
      fail("tried tcp " + tried, null);
      return;
    }
    InetSocketAddress address = new InetSocketAddress(rest.next(), remote.port());
    bootstrap
        .connect(address)
        .addListener(
            attempt -> {
              if (!attempt.isSuccess()) {
                tried.add(told(address) + "(" + why(attempt.cause()) + ")");
                next(bootstrap, rest);
              }
            });
  }

  /** The address, unless it is what was asked for. */
  private String told(InetSocketAddress address) {
    String text = Addresses.text(address);
    return text.equals(remote.toString()) ? "" : text + " ";
  }

  /** Why, without the address that ends what the system says. */
  private static String why(Throwable cause) {
    return String.valueOf(cause.getMessage()).replaceFirst(": [^ ]*/[^ ]+$", "");
  }

  private Bootstrap bootstrap() {
    LinkLimits limits = means.limits();
    return new Bootstrap()
        .group(means.threads())
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
                        Tls.handler(means.tls(), channel.alloc(), limits),
                        new Deadline(limits.openingMillis()),
                        new ClientOpening(remote.toString(), means.listener(), limits, opened));
              }
            });
  }

  private void fail(String why, @Nullable Throwable cause) {
    opened.completeExceptionally(
        new MeshException(
            ErrorCode.PEER_UNREACHABLE,
            "no link to " + remote + ": " + why,
            "on the other machine: fazt mesh status",
            cause));
  }
}
