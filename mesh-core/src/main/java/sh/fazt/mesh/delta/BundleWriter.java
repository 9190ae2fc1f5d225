package sh.fazt.mesh.delta;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;

/**
 * Writes a bundle: six bytes of magic, then records of a kind (u8), a length (u32) and so many
 * bytes. The last holds the counts and the SHA-256 of all bytes before it. Confined.
 */
public final class BundleWriter {
  static final Bytes MAGIC = Bytes.utf8("FZTB1\n");
  static final int HEADER = 1;
  static final int OPERATION = 2;
  static final int ENVELOPE = 3;
  static final int END = 4;

  private final OutputStream out;
  private final MessageDigest digest = Hash.sha256();
  private long operations;
  private long batches;
  private long bytes;

  /** Begins with the header. */
  public BundleWriter(OutputStream out, BundleHeader header) throws IOException {
    this.out = out;
    write(MAGIC);
    record(HEADER, header.encoded());
  }

  /** Before all batches. */
  public void operation(Bytes encoded) throws IOException {
    operations++;
    record(OPERATION, encoded);
  }

  public void envelope(Bytes envelope) throws IOException {
    batches++;
    record(ENVELOPE, envelope);
  }

  /** Ends the bundle; the stream stays open. */
  public void end() throws IOException {
    ByteWriter last = new ByteWriter().varint(operations).varint(batches);
    record(END, last.raw(Bytes.wrap(digest.digest())).toBytes());
  }

  public long operations() {
    return operations;
  }

  public long batches() {
    return batches;
  }

  /** How many bytes were written. */
  public long bytes() {
    return bytes;
  }

  private void record(int kind, Bytes content) throws IOException {
    write(new ByteWriter(5).u8(kind).u32(content.size()).toBytes());
    write(content);
  }

  private void write(Bytes written) throws IOException {
    out.write(written.unsafeArray());
    digest.update(written.unsafeArray());
    bytes += written.size();
  }
}
