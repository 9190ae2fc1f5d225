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
    Json.Obj details = error.object("details");
    String host = details.text("on");
    String run = (host.isEmpty() ? "" : ELSEWHERE + host + ": ") + details.text("run");
    String advice = run.isEmpty() ? details.text("advice") : run;
    return new MeshException(
        code(error.text("code")), error.text("message"), advice.isEmpty() ? null : advice);
  }

  private static ErrorCode code(String name) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return ErrorCode.FAILURE;
  }

  /**
   * {@code {"error":{"code":…,"message":…,"details":{"run":…}}}}, with {@code on} beside {@code
   * run} where it has to run elsewhere, and {@code advice} in place of both where it is no command.
   */
  public Json.Obj json() {
    Json.Obj details = remedy.map(Failure::details).orElseGet(Json::object);
    return Json.object()
        .with(
            "error",
            Json.object()
                .with("code", code.name())
                .with("message", message)
                .with("details", details));
  }

  private static Json.Obj details(String remedy) {
    int colon = remedy.indexOf(": ");
    if (Character.isUpperCase(remedy.charAt(0))) {
      return Json.object().with("advice", remedy);
    } else if (remedy.startsWith(ELSEWHERE) && colon > 0) {
      return Json.object()
          .with("on", remedy.substring(ELSEWHERE.length(), colon))
          .with("run", remedy.substring(colon + 2));
    }
    return Json.object().with("run", remedy);
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
