package sh.fazt.mesh.commands;

import java.util.Optional;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** The persona of the user who runs a command. */
record Personas(PersonaFile file, Wiring wiring) {
  /**
   * A persona.
   *
   * @param isNew whether it is not in its file yet, or was not until now
   */
  record Found(Persona persona, boolean isNew) {}

  static Personas of(Wiring wiring) {
    return new Personas(PersonaFile.in(wiring.environment(), wiring.home()), wiring);
  }

  /** The one in the file, else a fresh one that is in no file yet. */
  Found findOrDraft() {
    Optional<Persona> present = file.read();
    return present
        .map(persona -> new Found(persona, false))
        .orElseGet(
            () -> {
              String name = Names.ofThisUser(wiring.environment());
              return new Found(Persona.generate(name, wiring.chance()), true);
            });
  }

  /** The one in the file, else a fresh one that is put there. */
  Found findOrCreate() {
    Found found = findOrDraft();
    keep(found);
    return found;
  }

  /** Puts a draft into the file. */
  void keep(Found found) {
    if (found.isNew()) {
      file.create(found.persona());
    }
  }

  /**
   * @throws MeshException KEYS_MISSING if there is none
   */
  Persona existing() {
    return file.read()
        .orElseThrow(
            () ->
                new MeshException(
                    ErrorCode.KEYS_MISSING, "no persona in " + file.path(), "fazt identity init"));
  }
}
