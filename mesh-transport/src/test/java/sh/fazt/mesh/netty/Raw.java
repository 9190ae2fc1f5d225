package sh.fazt.mesh.netty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import sh.fazt.mesh.bytes.Bytes;

/** Sockets of the JDK alone, for saying on a link what a link would never say. */
final class Raw {
  private static final int PATIENCE_MILLIS = 20_000;

  private Raw() {}

  static Socket plain(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  static SSLSocket connect(int port, TlsIdentity identity, String... protocols)
      throws IOException, GeneralSecurityException {
    return connect(port, context(keyManagers(identity), new TrustAll()), protocols);
  }

  static SSLSocket connectWithoutCertificate(int port)
      throws IOException, GeneralSecurityException {
    return connect(port, context(new KeyManager[0], new TrustAll()));
  }

  private static SSLSocket connect(int port, SSLContext context, String... protocols)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.startHandshake();
    return socket;
  }

  static SSLContext context(KeyManager[] keys, TrustManager trust) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {trust}, null);
    return context;
  }

  static KeyManager[] keyManagers(TlsIdentity identity)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    Certificate[] chain = {identity.certificate()};
    store.setKeyEntry("node", identity.key(), new char[0], chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  static void say(Socket socket, String text) throws IOException {
    say(socket, Bytes.utf8(text));
  }

  static void say(Socket socket, Bytes bytes) throws IOException {
    socket.getOutputStream().write(bytes.toArray());
    socket.getOutputStream().flush();
  }

  /** What comes until the other side closes, in good or bad manners. */
  static Bytes readAll(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      in.transferTo(all);
    } catch (SocketException reset) {
      return Bytes.wrap(all.toByteArray());
    }
    return Bytes.wrap(all.toByteArray());
  }

  /** Trusts whoever comes, and remembers whether a client showed a certificate. */
  static final class TrustAll extends X509ExtendedTrustManager {
    final AtomicBoolean sawClient = new AtomicBoolean();

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      sawClient.set(true);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
      sawClient.set(true);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
      sawClient.set(true);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
