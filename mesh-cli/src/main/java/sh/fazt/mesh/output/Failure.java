package sh.fazt.mesh.output;

import java.util.Optional;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * What a person or a program reads of something that went wrong.
 *
 * @param message what and why, in one line
 * @param remedy one command, or {@code on HOST: command} where it has to run elsewhere, or a
 *     sentence, known by its capital
 */
public record Failure(ErrorCode code, String message, Optional<String> remedy) {
  private static final String ELSEWHERE = "on ";

  public static Failure of(MeshException fault) {
    return new Failure(fault.code(), String.valueOf(fault.getMessage()), fault.remedy());
  }

  /** The failure that {@link #json} describes; a code of another version reads as FAILURE. */
  public static MeshException read(Json.Obj error) {
    String run = error.object("details").text("run");
    return new MeshException(
        code(error.text("code")), error.text("message"), run.isEmpty() ? null : run);
  }

  private static ErrorCode code(String name) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return ErrorCode.FAILURE;
  }

  /** {@code {"error":{"code":…,"message":…,"details":{"run":…}}}}. */
  public Json.Obj json() {
    Json.Obj details = remedy.map(run -> Json.object().with("run", run)).orElseGet(Json::object);
    return Json.object()
        .with(
            "error",
            Json.object()
                .with("code", code.name())
                .with("message", message)
                .with("details", details));
  }

  Optional<String> remedyLine() {
    return remedy.map(
        run -> {
          if (Character.isUpperCase(run.charAt(0))) {
            return run + ".";
          }
          return run.startsWith(ELSEWHERE) ? "Run " + run : "Run: " + run;
        });
  }
}
