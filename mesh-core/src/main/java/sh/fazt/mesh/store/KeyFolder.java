package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sh.fazt.mesh.identity.SigningKey;

/**
 * The folder {@code <database>.mesh} beside a database: what must not travel with a copy of the
 * file. It holds the node's key and the highest batch number that the node ever signed, so that an
 * older copy of the database is recognised.
 */
public final class KeyFolder {
  private static final String NODE_KEY = "node.key";
  private static final String HIGH_WATER = "high-water";

  private final Path database;
  private final Path folder;

  private KeyFolder(Path database) {
    this.database = database;
    this.folder = database.resolveSibling(database.getFileName() + ".mesh");
  }

  /** The folder of a database, wherever the path to it leads through links. */
  public static KeyFolder of(Path database) {
    return new KeyFolder(realPath(database));
  }

  private static Path realPath(Path database) {
    Path absolute = database.toAbsolutePath().normalize();
    try {
      return Files.exists(absolute) ? absolute.toRealPath() : absolute;
    } catch (IOException e) {
      throw FileFaults.translate("cannot find " + database, database, e);
    }
  }

  public Path path() {
    return folder;
  }

  /** The database, by its real path if it exists. */
  Path database() {
    return database;
  }

  /** Makes the folder, for its owner alone, if it is not there. */
  public void create() {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw FileFaults.translate("cannot make " + folder, folder, e);
    }
  }

  /** Where the node's key is. */
  public Path keyFile() {
    return folder.resolve(NODE_KEY);
  }

  /** The node's key, if there is one. */
  public Optional<SigningKey> nodeKey() {
    return SecretFile.read(folder.resolve(NODE_KEY));
  }

  public void saveNodeKey(SigningKey key) {
    SecretFile.write(folder.resolve(NODE_KEY), key.seed());
  }

  /**
   * The last batch that this node signed, as far as the folder knows.
   *
   * @param seq 0 for none
   */
  public record HighWater(int incarnation, long seq) {
    private static final HighWater DAMAGED = new HighWater(0, Long.MAX_VALUE);
    private static final Pattern LINE = Pattern.compile("([0-9]{10}) ([0-9]{19})\\n");

    /** The whole line or nothing: of one that is cut short, the digits say another number. */
    private static HighWater read(String line) {
      Matcher whole = LINE.matcher(line);
      if (!whole.matches()) {
        return DAMAGED;
      }
      try {
        return new HighWater(Integer.parseInt(whole.group(1)), Long.parseLong(whole.group(2)));
      } catch (NumberFormatException e) {
        return DAMAGED;
      }
    }

    private String line() {
      return String.format(Locale.ROOT, "%010d %019d\n", incarnation, seq);
    }

    /** Whether a database that holds the batches up to {@code heldSeq} is older than this. */
    public boolean isBeyond(int heldIncarnation, long heldSeq) {
      return equals(DAMAGED)
          || incarnation > heldIncarnation
          || (incarnation == heldIncarnation && seq > heldSeq);
    }
  }

  /**
   * The mark. One that cannot be made out, as a power cut may leave it, is beyond any database:
   * what it said is unknown.
   */
  public Optional<HighWater> highWater() {
    Path file = folder.resolve(HIGH_WATER);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(HighWater.read(Files.readString(file, StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      throw FileFaults.translate("cannot read " + file, file, e);
    }
  }

  /** Records the last signed batch; to be called before the batch leaves the machine. */
  public void saveHighWater(HighWater mark) {
    Path file = folder.resolve(HIGH_WATER);
    boolean first = !Files.exists(file);
    // One short write of constant length: a crash leaves the old record or the new one.
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(mark.line().getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes, bytes.position());
      }
      if (first) {
        channel.force(true);
      }
    } catch (IOException e) {
      throw FileFaults.translate("cannot write " + file, file, e);
    }
  }

  /** Waits until the mark would survive a power cut. */
  public void flushHighWater() {
    Path file = folder.resolve(HIGH_WATER);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(false);
    } catch (IOException e) {
      throw FileFaults.translate("cannot flush " + file, file, e);
    }
  }

  /** Deletes the folder and all in it. */
  public void delete() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw FileFaults.translate("cannot delete " + folder, folder, e);
    }
  }
}
