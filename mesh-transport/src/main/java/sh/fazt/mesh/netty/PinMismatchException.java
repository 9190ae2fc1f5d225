package sh.fazt.mesh.netty;

import java.security.cert.CertificateException;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;

/** A server proved to be another node than the one that was called. */
final class PinMismatchException extends CertificateException {
  private static final long serialVersionUID = 1L;

  PinMismatchException(VerifyKey found) {
    super("its key is that of " + NodeId.of(found));
  }
}
