package sh.fazt.mesh.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Pin;

/**
 * TLS as links use it: version 1.3 alone, AES where both have it, no authority but the node keys.
 */
final class Tls {
  private static final List<String> CIPHERS =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  private Tls() {}

  /**
   * The side that answers; it asks for a certificate and does without, since browsers have none.
   */
  static SslContext server(TlsIdentity identity) {
    return build(
        SslContextBuilder.forServer(identity.key(), identity.certificate())
            .trustManager(new NodeTrust(Optional.empty()))
            .clientAuth(ClientAuth.OPTIONAL));
  }

  /** The side that calls. A context serves one pin, so no session outlives the check of it. */
  static SslContext client(TlsIdentity identity, Optional<Pin> pin) {
    return build(
        SslContextBuilder.forClient()
            .keyManager(identity.key(), identity.certificate())
            .trustManager(new NodeTrust(pin))
            .endpointIdentificationAlgorithm(null));
  }

  private static SslContext build(SslContextBuilder builder) {
    try {
      return builder.sslProvider(SslProvider.JDK).protocols("TLSv1.3").ciphers(CIPHERS).build();
    } catch (SSLException e) {
      throw new IllegalStateException("this Java platform lacks TLS 1.3", e);
    }
  }

  static SslHandler handler(SslContext context, ByteBufAllocator allocator, LinkLimits limits) {
    SslHandler handler = context.newHandler(allocator);
    handler.setHandshakeTimeoutMillis(limits.handshakeMillis());
    handler.setCloseNotifyFlushTimeoutMillis(LinkLimits.CLOSING_MILLIS);
    return handler;
  }

  /** The node at the other end, if it sent a certificate. */
  static Optional<VerifyKey> peer(SslHandler handler) throws CertificateException {
    Certificate[] chain;
    try {
      chain = handler.engine().getSession().getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
    if (chain.length != 1 || !(chain[0] instanceof X509Certificate certificate)) {
      throw new CertificateException("not a chain of one X.509 certificate");
    }
    return Optional.of(NodeCertificate.verify(certificate));
  }
}
