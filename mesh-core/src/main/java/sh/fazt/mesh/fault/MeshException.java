package sh.fazt.mesh.fault;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something in the world stands in the way: a file, a peer, a token. The message says what and
 * where in one line, lower case, without a full stop; the remedy is one command or one sentence.
 */
public final class MeshException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final @Nullable String remedy;

  public MeshException(ErrorCode code, String message, @Nullable String remedy) {
    this(code, message, remedy, null);
  }

  public MeshException(
      ErrorCode code, String message, @Nullable String remedy, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.remedy = remedy;
  }

  public ErrorCode code() {
    return code;
  }

  /** A command that mends it, as a person would type it. */
  public Optional<String> remedy() {
    return Optional.ofNullable(remedy);
  }
}
