package sh.fazt.mesh.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;

/** A name may have any number of addresses, and whoever answers for it decides how many. */
final class DialerTest {
  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @AfterEach
  void close() {
    threads.shutdownGracefully(0, 3, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private Dialer dialer(int port) {
    SigningKey node = SigningKey.generate(Chance.from(new SplittableRandom(7)));
    Dialer.Means means =
        new Dialer.Means(
            Tls.client(TlsIdentity.create(node), Optional.empty()),
            threads,
            new Ear(),
            LinkLimits.DEFAULT);
    return new Dialer(new ListenAddress("many.example", port), means);
  }

  @Test
  void noMoreAddressesOfANameAreTriedThanTheLimit() throws Exception {
    InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    InetAddress[] found = new InetAddress[LinkLimits.ADDRESSES_MAX + 1];
    Arrays.fill(found, here);
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, here)) {
      closed = socket.getLocalPort();
    }
    Dialer dialer = dialer(closed);
    dialer.call(found);
    String why =
        dialer.opened().handle((link, failure) -> failure.getMessage()).get(20, TimeUnit.SECONDS);
    assertThat(why.split("127.0.0.1:" + closed + " ", -1)).hasSize(LinkLimits.ADDRESSES_MAX + 1);
  }
}
