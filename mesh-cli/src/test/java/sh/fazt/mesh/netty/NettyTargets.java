package sh.fazt.mesh.netty;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.fuzz.Target;

/** What a peer shows in the handshake, and addresses. */
public final class NettyTargets {
  private NettyTargets() {}

  public static List<Target> all() {
    NodeTrust trust = new NodeTrust(Optional.empty());
    KeyPair pair = pair();
    return List.of(
        Target.oneWay("certificate", input -> check(trust, input))
            .refusing(CertificateException.class)
            .allowed(4_000, 4 << 20)
            .oneIn(20),
        Target.oneWay("binding", input -> NodeCertificate.verify(issue(pair, input)))
            .refusing(CertificateException.class)
            .allowed(4_000, 4 << 20)
            .oneIn(100),
        Target.of("listen-address", new Addresses())
            .refusing(MeshException.class)
            .spelled(Target.Spelling.EQUAL),
        Target.of("node-url", new Urls())
            .refusing(MeshException.class)
            .spelled(Target.Spelling.EQUAL));
  }

  /** Always the same one, so that what is bound to it can be known. */
  static KeyPair pair() {
    try {
      SecureRandom chance = SecureRandom.getInstance("SHA1PRNG");
      chance.setSeed(1);
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256, chance);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(NodeTrust trust, Bytes input) throws CertificateException {
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(input.toArray()));
    trust.checkClientTrusted(new X509Certificate[] {certificate}, "UNKNOWN");
  }

  private static X509Certificate issue(KeyPair pair, Bytes binding)
      throws GeneralSecurityException {
    return NodeCertificate.issue(pair, binding);
  }

  private static final class Addresses implements Target.Door<ListenAddress> {
    @Override
    public ListenAddress decode(Bytes input) {
      return ListenAddress.parse(input.asUtf8());
    }

    @Override
    public Bytes encode(ListenAddress address) {
      return Bytes.utf8(address.toString());
    }
  }

  private static final class Urls implements Target.Door<ListenAddress> {
    @Override
    public ListenAddress decode(Bytes input) {
      return ListenAddress.ofUrl(input.asUtf8());
    }

    @Override
    public Bytes encode(ListenAddress address) {
      return Bytes.utf8("https://" + address);
    }
  }
}
