package sh.fazt.mesh.commands;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import sh.fazt.mesh.Finding;
import sh.fazt.mesh.Finding.Level;
import sh.fazt.mesh.output.Json;

/** What checks have found, as {@code fazt mesh doctor --format json} has it. */
final class DoctorDocument {
  private DoctorDocument() {}

  /**
   * @param command a command line as it is typed here
   */
  static Json.Obj of(List<Finding> findings, UnaryOperator<String> command) {
    long attention = findings.stream().filter(each -> each.level() != Level.OK).count();
    boolean broken = findings.stream().anyMatch(each -> each.level() == Level.FAILED);
    return Json.object()
        .with("verdict", broken ? "broken" : attention > 0 ? "degraded" : "healthy")
        .with("attention", attention)
        .with(
            "checks", Json.array(findings.stream().map(finding -> of(finding, command)).toList()));
  }

  private static Json.Obj of(Finding finding, UnaryOperator<String> command) {
    Json.Obj check =
        Json.object()
            .with("check", finding.check())
            .with("state", finding.level().name().toLowerCase(Locale.ROOT))
            .with("message", finding.message());
    if (finding.error().isPresent()) {
      check = check.with("code", finding.error().get().name());
    }
    if (finding.remedy().isEmpty()) {
      return check;
    }
    String remedy = finding.remedy().get();
    return Character.isUpperCase(remedy.charAt(0))
        ? check.with("advice", remedy)
        : check.with("run", command.apply(remedy));
  }
}
