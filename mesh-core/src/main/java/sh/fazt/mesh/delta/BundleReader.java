package sh.fazt.mesh.delta;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.roster.RosterLimits;
import sh.fazt.mesh.wire.WireLimits;

/**
 * Reads a bundle record by record and trusts none of it: the length of a record is checked before
 * memory is taken, and no more is taken than there are bytes. Confined.
 */
public final class BundleReader {
  private static final int END_BYTES_MAX = 10 + 10 + Hash.SIZE;

  /** As long as our own. */
  private static final Bytes SQLITE = Bytes.utf8("SQLite");

  private final InputStream in;
  private final MessageDigest digest = Hash.sha256();
  private int last;
  private long operations;
  private long batches;

  /** What is read is no bundle at all, or one of another version. */
  public static final class NoBundleException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean otherVersion;

    private NoBundleException(String message, boolean otherVersion) {
      super(message);
      this.otherVersion = otherVersion;
    }

    public boolean isOtherVersion() {
      return otherVersion;
    }
  }

  /**
   * @throws NoBundleException if it does not begin as a bundle
   */
  public BundleReader(InputStream in) throws IOException, NoBundleException {
    this.in = in;
    Bytes magic = Bytes.wrap(in.readNBytes(BundleWriter.MAGIC.size()));
    int versionAt = BundleWriter.MAGIC.size() - 2;
    if (!magic.equals(BundleWriter.MAGIC)) {
      boolean bundle =
          magic.size() == BundleWriter.MAGIC.size()
              && magic.slice(0, versionAt).equals(BundleWriter.MAGIC.slice(0, versionAt));
      throw new NoBundleException(nature(magic), bundle);
    }
    digest.update(magic.unsafeArray());
  }

  /** What a file seems to be that begins so. */
  private static String nature(Bytes start) {
    if (start.size() == 0) {
      return "is empty";
    }
    return start.equals(SQLITE) ? "seems to be an SQLite database" : "does not begin as one";
  }

  /**
   * The next record; after {@link BundleRecord.End} there is none.
   *
   * @throws MalformedException if it is cut short, damaged, or out of order
   */
  public BundleRecord next() throws IOException, MalformedException {
    Bytes start = read(5);
    ByteReader reader = new ByteReader(start);
    int kind = reader.u8();
    long length = reader.u32();
    if (kind < Math.max(last, BundleWriter.HEADER)
        || kind > BundleWriter.END
        || (kind == BundleWriter.HEADER) != (last == 0)) {
      throw new MalformedException("a record of kind " + kind + " after one of " + last);
    }
    if (length > bytesMax(kind)) {
      throw new MalformedException("a record of kind " + kind + " of " + length + " bytes");
    }
    last = kind;
    Bytes content = read((int) length);
    if (kind == BundleWriter.END) {
      return end(content, new Hash(Bytes.wrap(digest.digest())));
    }
    digest.update(start.unsafeArray());
    digest.update(content.unsafeArray());
    return switch (kind) {
      case BundleWriter.HEADER -> new BundleRecord.Header(BundleHeader.decode(content));
      case BundleWriter.OPERATION -> operation(content);
      default -> envelope(content);
    };
  }

  private static int bytesMax(int kind) {
    return switch (kind) {
      case BundleWriter.HEADER -> BundleHeader.BYTES_MAX;
      case BundleWriter.OPERATION -> RosterLimits.OPERATION_BYTES_MAX;
      case BundleWriter.ENVELOPE -> WireLimits.ENVELOPE_BYTES_MAX;
      default -> END_BYTES_MAX;
    };
  }

  private BundleRecord operation(Bytes content) throws MalformedException {
    operations++;
    if (operations > RosterLimits.OPERATIONS_MAX) {
      throw new MalformedException("over " + RosterLimits.OPERATIONS_MAX + " operations");
    }
    return new BundleRecord.Operation(content);
  }

  private BundleRecord envelope(Bytes content) {
    batches++;
    return new BundleRecord.Envelope(content);
  }

  private BundleRecord end(Bytes content, Hash before) throws IOException, MalformedException {
    ByteReader reader = new ByteReader(content);
    BundleRecord.End end = new BundleRecord.End(reader.varint(), reader.varint());
    Hash stated = Hash.readFrom(reader);
    reader.end();
    if (end.operations() != operations || end.batches() != batches) {
      throw new MalformedException("states " + end.batches() + " batches and has " + batches);
    }
    if (!stated.equals(before)) {
      throw new MalformedException("its check sum is wrong");
    }
    if (in.read() >= 0) {
      throw new MalformedException("bytes after the end");
    }
    return end;
  }

  private Bytes read(int size) throws IOException, MalformedException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new MalformedException("it breaks off after " + batches + " batches");
    }
    return Bytes.wrap(bytes);
  }
}
