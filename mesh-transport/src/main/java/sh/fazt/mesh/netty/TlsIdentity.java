package sh.fazt.mesh.netty;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Who a node is on its links: a TLS key and certificate that its node key vouches for. They are
 * made in memory when the node starts and never stored. Immutable.
 */
public final class TlsIdentity {
  private final VerifyKey node;
  private final PrivateKey key;
  private final X509Certificate certificate;

  private TlsIdentity(VerifyKey node, PrivateKey key, X509Certificate certificate) {
    this.node = node;
    this.key = key;
    this.certificate = certificate;
  }

  /** A fresh TLS key, vouched for by {@code node}. */
  public static TlsIdentity create(SigningKey node) {
    try {
      KeyPair pair = keyPair();
      return of(node.verifyKey(), pair, NodeCertificate.issue(pair, node));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks ECDSA on P-256", e);
    }
  }

  static TlsIdentity of(VerifyKey node, KeyPair pair, X509Certificate certificate) {
    return new TlsIdentity(node, pair.getPrivate(), certificate);
  }

  static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  public VerifyKey node() {
    return node;
  }

  PrivateKey key() {
    return key;
  }

  X509Certificate certificate() {
    return certificate;
  }
}
