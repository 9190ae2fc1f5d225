package sh.fazt.mesh;

import java.util.Optional;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * What came of one check of an installation, for people.
 *
 * @param check its stable name
 * @param message one line, lower case, without a full stop
 * @param remedy a command, or a sentence known by its capital
 * @param error what a command that needs this would fail with
 */
public record Finding(
    String check, Level level, String message, Optional<String> remedy, Optional<ErrorCode> error) {

  /** How bad it is. */
  public enum Level {
    OK,
    /** It works, and somebody should do something about it. */
    WARNING,
    FAILED
  }

  public static Finding ok(String check, String message) {
    return new Finding(check, Level.OK, message, Optional.empty(), Optional.empty());
  }

  /** Nothing is wrong, and there is more to see. */
  public static Finding ok(String check, String message, String see) {
    return new Finding(check, Level.OK, message, Optional.of(see), Optional.empty());
  }

  public static Finding warning(String check, String message, String remedy) {
    return new Finding(check, Level.WARNING, message, Optional.of(remedy), Optional.empty());
  }

  public static Finding failed(String check, String message, String remedy) {
    return new Finding(check, Level.FAILED, message, Optional.of(remedy), Optional.empty());
  }

  public static Finding failed(String check, MeshException fault) {
    return new Finding(
        check,
        Level.FAILED,
        String.valueOf(fault.getMessage()),
        fault.remedy(),
        Optional.of(fault.code()));
  }

  /** {@code 1 row}, {@code 2 rows}. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
