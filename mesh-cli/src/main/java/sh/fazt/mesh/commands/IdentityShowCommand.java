package sh.fazt.mesh.commands;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Table;

/** {@code fazt identity show}. */
@Command(name = "show", description = "Show the persona's name and public key.")
final class IdentityShowCommand extends MeshCommand {
  IdentityShowCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Personas personas = Personas.of(session.wiring());
    Persona persona = personas.existing();
    session
        .screen()
        .answer(
            json(persona, personas.file()),
            () ->
                session
                    .screen()
                    .table(
                        Table.of("PERSONA", "PUBLIC KEY", "FILE")
                            .row(persona.name(), publicKey(persona), personas.file().toString())));
    return OK;
  }

  /** In hexadecimal. */
  private static String publicKey(Persona persona) {
    return persona.key().verifyKey().value().hex();
  }

  static Json.Obj json(Persona persona, Path file) {
    return Json.object()
        .with(
            "persona",
            Json.object()
                .with("name", persona.name())
                .with("public_key", publicKey(persona))
                .with("path", file.toString()));
  }
}
