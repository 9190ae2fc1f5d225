package sh.fazt.mesh.wire;

/** A well-formed batch that its claimed author did not sign. */
public final class BadSignatureException extends Exception {
  private static final long serialVersionUID = 1L;

  BadSignatureException(String message) {
    super(message);
  }
}
