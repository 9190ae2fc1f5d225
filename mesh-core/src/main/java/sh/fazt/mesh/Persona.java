package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.Optional;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
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

  @Override
  public String toString() {
    return "persona " + name;
  }
}
