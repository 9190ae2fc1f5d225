package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;

/** {@code fazt identity import}. */
@Command(
    name = "import",
    description = "Become, on this machine, the persona in a file that was exported.")
final class IdentityImportCommand extends MeshCommand {
  @Parameters(paramLabel = "FILE", description = "As fazt identity export has written it.")
  private Path file = Path.of("");

  @Option(
      names = "--replace",
      description = "Even if there is another persona here; its key is kept beside it.")
  private boolean replace;

  @Mixin private final PassphraseOptions passphrase = new PassphraseOptions();

  IdentityImportCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    String typed = "fazt identity import " + Session.quoted(file.toString());
    Personas personas = Personas.of(session.wiring());
    Optional<Persona> present = Persona.load(personas.folder());
    Persona imported = Persona.imported(file, () -> passphrase.existing(session, typed));
    Names.checked(imported.name());
    Optional<Path> kept = put(imported, present, personas, typed);
    Json.Obj result = IdentityShowCommand.json(imported, personas.file());
    Screen screen = session.screen();
    screen.answer(
        kept.map(where -> result.with("replaced", where.toString())).orElse(result),
        () -> {
          screen.say(Glyph.DONE, "You are persona " + imported.name() + " on this machine now");
          kept.ifPresent(
              where -> screen.say(Glyph.INFO, "The key that was here is kept in " + where));
        });
    screen.hint("Next: " + session.command("fazt mesh invite"));
    return OK;
  }

  /** Where the key of the persona before is kept, if there was another one. */
  private Optional<Path> put(
      Persona imported, Optional<Persona> present, Personas personas, String typed) {
    if (present.isEmpty()) {
      imported.save(personas.folder());
      return Optional.empty();
    }
    if (present.get().key().verifyKey().equals(imported.key().verifyKey())) {
      return Optional.empty();
    }
    if (!replace) {
      throw new MeshException(
          ErrorCode.ALREADY_INITIALIZED,
          "there is another persona here, "
              + present.get().name()
              + ", in "
              + personas.file()
              + "; nodes that it owns would be administered from elsewhere",
          typed + " --replace");
    }
    return Optional.of(imported.replaceIn(personas.folder()));
  }
}
