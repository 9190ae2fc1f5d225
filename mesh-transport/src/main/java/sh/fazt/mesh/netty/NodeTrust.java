package sh.fazt.mesh.netty;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Pin;

/**
 * Accepts exactly the certificates that a node key vouches for, and of a server, where a pin is
 * given, only that one. It judges during the handshake: a client that objects has sent neither its
 * certificate nor a byte of data. Immutable.
 */
final class NodeTrust extends X509ExtendedTrustManager {
  private final Optional<Pin> pin;

  NodeTrust(Optional<Pin> pin) {
    this.pin = pin;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    if (chain.length != 1) {
      throw new CertificateException("a node sends one certificate, not " + chain.length);
    }
    VerifyKey node = NodeCertificate.verify(chain[0]);
    if (pin.isPresent() && !pin.get().matches(node)) {
      throw new PinMismatchException(node);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
