package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.PersonaText;
import sh.fazt.mesh.schema.SqlText;

/** A persona in a file that is kept elsewhere, for its owner alone. */
public final class ExportFile {
  private ExportFile() {}

  /**
   * Writes a file that must not exist, with mode 0600, durably or not at all.
   *
   * @throws MeshException USAGE if there is one
   */
  public static void write(Path file, String text) {
    if (Files.exists(file)) {
      throw new MeshException(
          ErrorCode.USAGE, "there is a file " + file + " already", "ls -l " + shell(file));
    }
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      fill(channel, file, text);
    } catch (IOException e) {
      throw FileFaults.translate("cannot write " + file, file, e);
    }
  }

  /** A part of a key would be taken for one: it is removed. */
  private static void fill(FileChannel channel, Path file, String text) throws IOException {
    boolean done = false;
    try {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
      done = true;
    } finally {
      if (!done) {
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * @throws MeshException USAGE if there is no such file or it is too long to be one
   */
  public static String read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new MeshException(
            ErrorCode.USAGE, "there is no file " + file, "fazt identity export --output FILE");
      }
      if (Files.size(file) > PersonaText.CHARACTERS_MAX) {
        throw new MeshException(
            ErrorCode.USAGE,
            file + " is too long to hold a persona",
            "fazt identity export --output FILE");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw FileFaults.translate("cannot read " + file, file, e);
    }
  }

  private static String shell(Path file) {
    return SqlText.shell(file.toString());
  }
}
