package sh.fazt.mesh.commands;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.output.Glyph;

/** {@code fazt identity init}. */
@Command(
    name = "init",
    description = "Make the persona: the key that owns nodes and admits others.")
final class IdentityInitCommand extends MeshCommand {
  @Option(names = "--name", paramLabel = "NAME", description = "What others see (default: $$USER).")
  private Optional<String> name = Optional.empty();

  IdentityInitCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Wiring wiring = session.wiring();
    String chosen = Names.checked(name.orElseGet(() -> Names.ofThisUser(wiring.environment())));
    Personas personas = Personas.of(wiring);
    Persona persona = personas.generate(chosen);
    persona.save(personas.folder());
    session
        .screen()
        .answer(
            IdentityShowCommand.json(persona, personas.file()),
            () ->
                session
                    .screen()
                    .say(Glyph.DONE, "Created persona " + chosen + " in " + personas.file()));
    session.screen().hint(Glyph.INFO, "Keep a copy of that file: whoever has it owns your nodes.");
    session.screen().hint("Next: " + session.command("fazt mesh init"));
    return OK;
  }
}
