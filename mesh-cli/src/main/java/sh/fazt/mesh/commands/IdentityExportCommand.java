package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.Passphrase;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;

/** {@code fazt identity export}. */
@Command(
    name = "export",
    description = {
      "Write the persona to a file, sealed with a passphrase: a copy to keep, or to be yourself on"
          + " another machine.",
    })
final class IdentityExportCommand extends MeshCommand {
  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Where to; must not exist.")
  private Path output = Path.of("");

  @Option(names = "--plain", description = "Without a passphrase: whoever gets the file is you.")
  private boolean plain;

  @Mixin private final PassphraseOptions passphrase = new PassphraseOptions();

  IdentityExportCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    String typed = "fazt identity export --output " + Session.quoted(output.toString());
    if (plain && passphrase.isGiven(session)) {
      throw new MeshException(
          ErrorCode.USAGE, "a passphrase and --plain: say one of the two", typed);
    }
    Persona persona = Personas.of(session.wiring()).existing();
    Optional<Passphrase> seal =
        plain ? Optional.empty() : Optional.of(passphrase.chosen(session, typed));
    persona.export(output, seal, session.wiring().chance());
    Json.Obj result = IdentityShowCommand.json(persona, output).with("sealed", seal.isPresent());
    Screen screen = session.screen();
    screen.answer(
        result, () -> screen.say(Glyph.DONE, "Wrote persona " + persona.name() + " to " + output));
    screen.hint(
        plain ? Glyph.WARNING : Glyph.INFO,
        plain
            ? "It is not sealed: whoever gets that file owns your nodes"
            : "Keep it where a fire here does not reach it; without the passphrase nobody opens it");
    screen.hint("On another machine: fazt identity import " + Session.quoted(output.toString()));
    return OK;
  }
}
