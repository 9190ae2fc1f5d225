package sh.fazt.mesh.netty;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * The X.509 certificate of a node: self-signed, P-256, for all time. One extension holds 96 bytes,
 * the node key and its signature over the certificate's SubjectPublicKeyInfo with the context
 * {@value #CONTEXT}. No name and no date in it means anything.
 */
final class NodeCertificate {
  static final String CONTEXT = "tls";

  /** The extension's name: an arc made from a UUID, which ITU-T X.667 allows anyone. */
  static final String EXTENSION = "2.25.268095197059839020710668104096352871064";

  private static final X500Name NAME = new X500Name("CN=fazt mesh");
  private static final Time START = new Time(new ASN1UTCTime("700101000000Z"));

  /** What RFC 5280 §4.1.2.5 keeps for certificates without an end. */
  private static final Time END = new Time(new ASN1GeneralizedTime("99991231235959Z"));

  private NodeCertificate() {}

  /** A certificate for {@code pair}, bound to {@code node}. */
  static X509Certificate issue(KeyPair pair, SigningKey node) throws GeneralSecurityException {
    return issue(pair, binding(node, Bytes.wrap(pair.getPublic().getEncoded())));
  }

  /** What the extension holds, for a key with this SubjectPublicKeyInfo. */
  static Bytes binding(SigningKey node, Bytes publicKeyInfo) {
    return Bytes.concat(node.verifyKey().value(), node.sign(CONTEXT, publicKeyInfo));
  }

  static X509Certificate issue(KeyPair pair, Bytes binding) throws GeneralSecurityException {
    SubjectPublicKeyInfo key = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              new X509v3CertificateBuilder(NAME, BigInteger.ONE, START, END, NAME, key)
                  .addExtension(
                      new ASN1ObjectIdentifier(EXTENSION),
                      false,
                      new DEROctetString(binding.unsafeArray()))
                  .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    } catch (IOException | OperatorCreationException e) {
      throw new GeneralSecurityException("no certificate could be made", e);
    }
  }

  /**
   * The node key that {@code certificate} is bound to.
   *
   * @throws CertificateException if it is not a node's certificate or the binding is not the node's
   */
  static VerifyKey verify(X509Certificate certificate) throws CertificateException {
    if (!(certificate.getPublicKey() instanceof ECPublicKey key)
        || key.getParams().getCurve().getField().getFieldSize() != 256) {
      throw new CertificateException("the key of a node's certificate is on P-256");
    }
    try {
      certificate.verify(key);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("a node's certificate is signed by its own key", e);
    }
    Bytes binding = binding(certificate);
    if (binding.size() != VerifyKey.SIZE + SigningKey.SIGNATURE_SIZE) {
      throw new CertificateException("binding of " + binding.size() + " bytes");
    }
    VerifyKey node;
    try {
      node = new VerifyKey(binding.slice(0, VerifyKey.SIZE));
    } catch (IllegalArgumentException e) {
      throw new CertificateException("binding to an unusable node key", e);
    }
    Bytes signature = binding.slice(VerifyKey.SIZE, binding.size());
    if (!node.verifies(CONTEXT, Bytes.wrap(key.getEncoded()), signature)) {
      throw new CertificateException("binding not signed by node " + node);
    }
    return node;
  }

  private static Bytes binding(X509Certificate certificate) throws CertificateException {
    byte[] extension = certificate.getExtensionValue(EXTENSION);
    if (extension == null) {
      throw new CertificateException("not the certificate of a mesh node");
    }
    try {
      byte[] value = ASN1OctetString.getInstance(extension).getOctets();
      return Bytes.wrap(ASN1OctetString.getInstance(value).getOctets());
    } catch (IllegalArgumentException e) {
      throw new CertificateException("binding is no octet string", e);
    }
  }
}
