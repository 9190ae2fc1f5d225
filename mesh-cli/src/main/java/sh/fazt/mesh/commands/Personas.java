package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.store.PersonaFile;

/**
 * The persona of the user who runs a command. Its file lies in {@code $FAZT_HOME}, else {@code
 * $XDG_CONFIG_HOME/fazt}, else {@code ~/.config/fazt}.
 */
record Personas(Path folder, Wiring wiring) {
  /**
   * A persona.
   *
   * @param isNew whether it is not in its file yet, or was not until now
   */
  record Found(Persona persona, boolean isNew) {}

  static Personas of(Wiring wiring) {
    return new Personas(folder(wiring.environment(), wiring.home()).toAbsolutePath(), wiring);
  }

  private static Path folder(Map<String, String> environment, Path home) {
    String own = environment.getOrDefault("FAZT_HOME", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    String configuration = environment.getOrDefault("XDG_CONFIG_HOME", "");
    return (configuration.startsWith("/") ? Path.of(configuration) : home.resolve(".config"))
        .resolve("fazt");
  }

  /** The file that must be kept safe. */
  Path file() {
    return new PersonaFile(folder).path();
  }

  /** The one in the file, else a fresh one that is in no file yet. */
  Found findOrDraft() {
    Optional<Persona> present = Persona.load(folder);
    return present
        .map(persona -> new Found(persona, false))
        .orElseGet(() -> new Found(generate(Names.ofThisUser(wiring.environment())), true));
  }

  /** A fresh one that is in no file yet. */
  Persona generate(String name) {
    return Persona.create(name, wiring.chance());
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
      found.persona().save(folder);
    }
  }

  /**
   * @throws MeshException KEYS_MISSING if there is none
   */
  Persona existing() {
    return Persona.load(folder)
        .orElseThrow(
            () ->
                new MeshException(
                    ErrorCode.KEYS_MISSING, "no persona in " + file(), "fazt identity init"));
  }
}
