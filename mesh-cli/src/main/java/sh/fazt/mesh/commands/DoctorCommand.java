package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import sh.fazt.mesh.Finding;
import sh.fazt.mesh.Finding.Level;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;

/** {@code fazt mesh doctor}. */
@Command(
    name = "doctor",
    description = "Check this node from its files to its peers, and say what mends what is wrong.")
final class DoctorCommand extends MeshCommand {
  DoctorCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    List<Finding> findings = findings(session);
    Json.Obj answer = DoctorDocument.of(findings, session::command);
    session.screen().answer(answer, () -> show(session.screen(), answer));
    return exit(findings);
  }

  private static List<Finding> findings(Session session) {
    Path database = session.database();
    List<Finding> findings = new ArrayList<>(session.wiring().replicas().examine(database));
    missing(session)
        .ifPresent(fault -> findings.set(0, Finding.failed(findings.get(0).check(), fault)));
    boolean replica =
        findings.stream().anyMatch(each -> each.check().equals("MESH") && each.error().isEmpty());
    if (replica) {
      List<Finding> live = DaemonChecks.of(session);
      // A running daemon knows more of its peers than the database remembers.
      findings.removeIf(
          each -> live.stream().anyMatch(other -> other.check().equals(each.check())));
      findings.addAll(live);
    }
    findings.add(persona(session));
    return findings;
  }

  /** A missing file is told of with the names of those that are there. */
  private static Optional<MeshException> missing(Session session) {
    try {
      session.existingDatabase();
      return Optional.empty();
    } catch (MeshException e) {
      return Optional.of(e);
    }
  }

  private static Finding persona(Session session) {
    Personas personas = Personas.of(session.wiring());
    try {
      return Finding.ok(
          "PERSONA", "persona " + personas.existing().name() + ", kept in " + personas.file());
    } catch (MeshException e) {
      return e.code() == ErrorCode.KEYS_MISSING
          ? Finding.ok(
              "PERSONA",
              "no persona of yours on this machine, so you cannot invite from here",
              "fazt identity init")
          : Finding.failed("PERSONA", e);
    }
  }

  private static void show(Screen screen, Json.Obj answer) {
    for (Json.Obj check : answer.objects("checks")) {
      screen.say(glyph(check.text("state")), check.text("message"));
      String remedy =
          check.has("run")
              ? (check.text("state").equals("ok") ? "See: " : "Run: ") + check.text("run")
              : check.text("advice");
      if (!remedy.isEmpty()) {
        screen.say("    " + remedy);
      }
    }
    long attention = answer.whole("attention");
    long all = answer.objects("checks").size();
    screen.say(
        switch (answer.text("verdict")) {
          case "healthy" -> Glyph.ON;
          case "degraded" -> Glyph.HALF;
          default -> Glyph.FAILED;
        },
        attention == 0
            ? "all " + all + " checks are well"
            : attention
                + " of "
                + all
                + (attention == 1 ? " checks needs" : " checks need")
                + " attention");
  }

  private static Glyph glyph(String state) {
    return switch (state) {
      case "ok" -> Glyph.DONE;
      case "warning" -> Glyph.WARNING;
      default -> Glyph.FAILED;
    };
  }

  /** What other commands would end with for what is broken; 6 where it works, but not well. */
  private static int exit(List<Finding> findings) {
    Optional<Integer> broken =
        findings.stream()
            .flatMap(finding -> finding.error().stream())
            .map(ErrorCode::exitStatus)
            .findFirst();
    boolean well = findings.stream().allMatch(finding -> finding.level() == Level.OK);
    return broken.orElse(well ? OK : StatusCommand.DEGRADED);
  }
}
