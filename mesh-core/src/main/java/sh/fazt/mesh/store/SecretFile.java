package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.schema.SqlText;

/** A secret key in a file of its own that only its owner may read, as hexadecimal text. */
final class SecretFile {
  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rw-------");

  private SecretFile() {}

  /**
   * The key, if there is one.
   *
   * @throws MeshException IDENTITY_LOCKED if this user may not read it, others may, or the file
   *     holds something else
   */
  static Optional<SigningKey> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      if (!OWNER_ALONE.containsAll(Files.getPosixFilePermissions(file))) {
        throw new MeshException(
            ErrorCode.IDENTITY_LOCKED,
            "others may read the key " + file,
            "chmod 600 " + SqlText.shell(file.toString()));
      }
      return Optional.of(SigningKey.ofSeed(Bytes.fromHex(Files.readString(file).strip())));
    } catch (IOException e) {
      throw new MeshException(
          ErrorCode.IDENTITY_LOCKED, "cannot read the key " + file, see(file), e);
    } catch (IllegalArgumentException e) {
      // The cause would name the characters of a key: it is left out.
      throw new MeshException(ErrorCode.IDENTITY_LOCKED, file + " holds no key", see(file));
    }
  }

  private static String see(Path file) {
    return "ls -l " + SqlText.shell(file.toString());
  }

  /** Writes the whole file, durably, or nothing. */
  static void write(Path file, Bytes secret) {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.deleteIfExists(next);
      try (FileChannel channel =
          FileChannel.open(
              next,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(OWNER_ALONE))) {
        byte[] line = (secret.hex() + "\n").getBytes(StandardCharsets.US_ASCII);
        channel.write(ByteBuffer.wrap(line));
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw FileFaults.translate("cannot write the key " + file, file, e);
    }
  }
}
