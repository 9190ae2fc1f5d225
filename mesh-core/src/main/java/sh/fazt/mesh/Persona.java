package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.Passphrase;
import sh.fazt.mesh.identity.PersonaText;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.store.ExportFile;
import sh.fazt.mesh.store.PersonaFile;

/**
 * A person, who owns nodes and admits others: a name and a secret key. Whoever has the key can
 * invite, so keep it: in a folder of the person's, not beside a database. Immutable.
 *
 * @param name for people to read; need not be unique
 */
public record Persona(String name, SigningKey key) {
  /** A person with a fresh key, which is stored nowhere yet. */
  public static Persona create(String name) {
    return create(name, Ambient.system().chance());
  }

  /** As {@link #create(String)}, with chance of the caller's. */
  public static Persona create(String name, Chance chance) {
    return new Persona(name, SigningKey.generate(chance));
  }

  /**
   * The person whose key is in {@code folder}, if there is one.
   *
   * @throws sh.fazt.mesh.fault.MeshException IDENTITY_LOCKED if this user may not read the key, or
   *     other users may
   */
  public static Optional<Persona> load(Path folder) {
    return new PersonaFile(folder).read().map(stored -> new Persona(stored.name(), stored.key()));
  }

  /**
   * Stores name and key in {@code folder}, for this user alone; the folder is made if need be.
   *
   * @throws sh.fazt.mesh.fault.MeshException ALREADY_INITIALIZED if a key is there
   */
  public void save(Path folder) {
    new PersonaFile(folder).create(new PersonaFile.Stored(name, key));
  }

  /**
   * This person written down in a file of mode 0600, to be kept elsewhere or carried to another
   * machine.
   *
   * @param file must not exist
   * @param passphrase seals the key; empty to leave it readable to whoever gets the file
   * @throws sh.fazt.mesh.fault.MeshException USAGE if there is such a file
   */
  public void export(Path file, Optional<Passphrase> passphrase, Chance chance) {
    ExportFile.write(file, PersonaText.of(name, key, passphrase, chance));
  }

  /**
   * The person in a file that {@link #export} has made.
   *
   * @param passphrase asked for only if the key is sealed
   * @throws MeshException IDENTITY_LOCKED if that is not the passphrase or the file was altered,
   *     USAGE if there is no such file or it holds no persona
   */
  public static Persona imported(Path file, Supplier<Passphrase> passphrase) {
    String text = ExportFile.read(file);
    try {
      PersonaText exported = PersonaText.read(text);
      if (!exported.isSealed()) {
        return new Persona(exported.name(), exported.plain());
      }
      return exported
          .open(passphrase.get())
          .map(opened -> new Persona(exported.name(), opened))
          .orElseThrow(() -> locked(file, exported));
    } catch (MalformedException e) {
      throw new MeshException(
          ErrorCode.USAGE,
          file + " holds no persona: " + e.getMessage(),
          "on the machine that has it: fazt identity export --output FILE",
          e);
    }
  }

  private static MeshException locked(Path file, PersonaText exported) {
    return new MeshException(
        ErrorCode.IDENTITY_LOCKED,
        "that passphrase does not open "
            + file
            + ", the key of "
            + exported.name()
            + "; or the file was altered",
        "Try again; without it, on a machine that has the persona: fazt identity export --output FILE");
  }

  /**
   * Stores name and key in {@code folder} in the place of another person's, which is kept beside
   * it.
   *
   * @return where the other one's key is kept
   */
  public Path replaceIn(Path folder) {
    return new PersonaFile(folder).replace(new PersonaFile.Stored(name, key));
  }

  @Override
  public String toString() {
    return "persona " + name;
  }
}
