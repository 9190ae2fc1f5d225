package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;

/** A person's key and name, in a folder of theirs that no database is part of. */
public final class PersonaFile {
  private static final String KEY = "persona.key";
  private static final String NAME = "persona.name";

  private final Path folder;

  /**
   * @param folder where the two files are, or will be
   */
  public PersonaFile(Path folder) {
    this.folder = folder;
  }

  /** A person as this machine knows them. */
  public record Persona(SigningKey key, String name) {}

  public Optional<Persona> read() {
    Optional<SigningKey> key = SecretFile.read(folder.resolve(KEY)).map(SigningKey::ofSeed);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Persona(key.get(), Files.readString(folder.resolve(NAME)).strip()));
    } catch (IOException e) {
      throw KeyFolder.fault("cannot read " + folder.resolve(NAME), e);
    }
  }

  /**
   * Makes a persona.
   *
   * @throws MeshException ALREADY_INITIALIZED if there is one
   */
  public Persona create(String name, Chance chance) {
    if (read().isPresent()) {
      throw new MeshException(
          ErrorCode.ALREADY_INITIALIZED, "there is a persona in " + folder, "fazt identity show");
    }
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(NAME), name + "\n");
    } catch (IOException e) {
      throw KeyFolder.fault("cannot write to " + folder, e);
    }
    SigningKey key = SigningKey.generate(chance);
    SecretFile.write(folder.resolve(KEY), key.seed());
    return new Persona(key, name);
  }
}
