package sh.fazt.mesh.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS server of the JDK that accepts one caller, greets it and tells what it learnt of it. */
final class SpyServer implements AutoCloseable {
  private final Raw.TrustAll trust = new Raw.TrustAll();
  private final CompletableFuture<Object> outcome = new CompletableFuture<>();
  private final SSLServerSocket socket;
  private final String greeting;

  private SpyServer(TlsIdentity identity, String greeting)
      throws IOException, GeneralSecurityException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    socket =
        (SSLServerSocket)
            Raw.context(Raw.keyManagers(identity), trust)
                .getServerSocketFactory()
                .createServerSocket(0, 1, loopback);
    socket.setWantClientAuth(true);
    this.greeting = greeting;
  }

  static SpyServer start(TlsIdentity identity, String greeting)
      throws IOException, GeneralSecurityException {
    SpyServer spy = new SpyServer(identity, greeting);
    new Thread(spy::serve, "spy").start();
    return spy;
  }

  private void serve() {
    try (SSLSocket caller = (SSLSocket) socket.accept()) {
      caller.startHandshake();
      Raw.say(caller, greeting);
      outcome.complete(caller.getInputStream().read());
    } catch (IOException e) {
      outcome.complete(e);
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  /** The first byte that the caller sent, or how its handshake failed. */
  Object outcome() throws Exception {
    return outcome.get(20, TimeUnit.SECONDS);
  }

  boolean sawClientCertificate() {
    return trust.sawClient.get();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
