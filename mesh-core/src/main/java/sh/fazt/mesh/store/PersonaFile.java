package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
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

  /** A person's name and secret. */
  public record Stored(String name, SigningKey key) {
    @Override
    public String toString() {
      return "persona " + name;
    }
  }

  /** The file that must be kept safe. */
  public Path path() {
    return folder.resolve(KEY);
  }

  /**
   * The persona, if there is one.
   *
   * @throws MeshException IDENTITY_LOCKED if this user may not read it, or others may
   */
  public Optional<Stored> read() {
    Optional<SigningKey> key = SecretFile.read(path());
    if (key.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Stored(Files.readString(folder.resolve(NAME)).strip(), key.get()));
    } catch (IOException e) {
      throw FileFaults.translate("cannot read " + folder.resolve(NAME), folder.resolve(NAME), e);
    }
  }

  /**
   * Writes the persona in the place of another, which is kept beside it.
   *
   * @return where the other one's key is kept
   */
  public Path replace(Stored persona) {
    Stored before = read().orElseThrow(() -> new IllegalStateException("nothing to replace"));
    Path kept = folder.resolve(KEY + "." + before.key().verifyKey().value().hex().substring(0, 8));
    SecretFile.write(kept, before.key().seed());
    writeName(persona.name());
    SecretFile.write(path(), persona.key().seed());
    return kept;
  }

  /**
   * Writes the persona where none is.
   *
   * @throws MeshException ALREADY_INITIALIZED if there is one
   */
  public void create(Stored persona) {
    if (Files.exists(path())) {
      throw new MeshException(
          ErrorCode.ALREADY_INITIALIZED,
          "there is a persona in " + path() + " already",
          "fazt identity show");
    }
    writeName(persona.name());
    SecretFile.write(path(), persona.key().seed());
  }

  private void writeName(String name) {
    try {
      Files.createDirectories(
          folder.toAbsolutePath(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.writeString(folder.resolve(NAME), name + "\n");
    } catch (IOException e) {
      throw FileFaults.translate("cannot write to " + folder, folder, e);
    }
  }
}
