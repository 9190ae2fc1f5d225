package sh.fazt.mesh.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SigningKey;

/**
 * The file that holds a person's key: three lines of text, mode 0600. It lies in {@code
 * $FAZT_HOME}, else {@code $XDG_CONFIG_HOME/fazt}, else {@code ~/.config/fazt}.
 */
record PersonaFile(Path path) {
  private static final String FIRST_LINE = "fazt persona key 1";
  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rw-------");

  static PersonaFile in(Map<String, String> environment, Path home) {
    return new PersonaFile(folder(environment, home).resolve("persona.key"));
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

  /**
   * The persona, if there is one.
   *
   * @throws MeshException IDENTITY_LOCKED if it may not be read, FAILURE if others may read it or
   *     it is not such a file
   */
  Optional<Persona> read() {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      if (!OWNER_ALONE.containsAll(permissions)) {
        throw new MeshException(
            ErrorCode.FAILURE, "others may read the key in " + path, "chmod 600 " + path);
      }
      return Optional.of(parse(Files.readAllLines(path)));
    } catch (java.nio.file.AccessDeniedException e) {
      throw new MeshException(
          ErrorCode.IDENTITY_LOCKED, "this user may not read the key in " + path, null, e);
    } catch (IOException e) {
      throw new MeshException(
          ErrorCode.FAILURE, "cannot read the key in " + path + ": " + e.getMessage(), null, e);
    }
  }

  private Persona parse(List<String> lines) {
    try {
      if (lines.size() == 3
          && lines.get(0).equals(FIRST_LINE)
          && lines.get(1).startsWith("name ")
          && lines.get(2).startsWith("seed ")) {
        SigningKey key = SigningKey.ofSeed(Bytes.fromHex(lines.get(2).substring(5)));
        return new Persona(lines.get(1).substring(5), key);
      }
    } catch (IllegalArgumentException e) {
      // The cause would name the characters of a key: it is left out.
    }
    throw new MeshException(ErrorCode.FAILURE, path + " does not hold a persona key", null);
  }

  /**
   * Writes the persona where none is.
   *
   * @throws MeshException ALREADY_INITIALIZED if there is one
   */
  void create(Persona persona) {
    List<String> lines = new ArrayList<>();
    lines.add(FIRST_LINE);
    lines.add("name " + persona.name());
    lines.add("seed " + persona.key().seed().hex());
    try {
      Files.createDirectories(
          path.toAbsolutePath().getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      try (FileChannel file =
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(OWNER_ALONE))) {
        file.write(ByteBuffer.wrap(Bytes.utf8(String.join("\n", lines) + "\n").toArray()));
        file.force(true);
      }
    } catch (FileAlreadyExistsException e) {
      throw new MeshException(
          ErrorCode.ALREADY_INITIALIZED,
          "there is a persona in " + path + " already",
          "fazt identity show",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }
}
