package sh.fazt.mesh.bytes;

/**
 * Bytes from a peer or a file that break their format; says what was read and what was expected.
 */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedException(String message) {
    super(message);
  }

  public MalformedException(String message, Throwable cause) {
    super(message, cause);
  }
}
