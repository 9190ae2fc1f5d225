package sh.fazt.mesh.delta;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.SiteId;

/**
 * Batches {@code from} … {@code to} of one site, both ends included.
 *
 * @param from at least 1
 * @param to at least {@code from}
 */
public record DotRange(SiteId site, long from, long to) {
  public DotRange {
    if (from < 1 || to < from) {
      throw new IllegalArgumentException("no such range: " + from + " … " + to);
    }
  }

  /** How many batches. */
  public long size() {
    return to - from + 1;
  }

  /** The site, then first and count as varints. */
  public void writeTo(ByteWriter out) {
    site.writeTo(out);
    out.varint(from).varint(size());
  }

  public static DotRange readFrom(ByteReader in) throws MalformedException {
    SiteId site = SiteId.readFrom(in);
    long from = in.varint();
    long size = in.varint();
    if (from < 1 || size < 1 || from > Long.MAX_VALUE - size) {
      throw new MalformedException("no such range: " + from + " + " + size);
    }
    return new DotRange(site, from, from + size - 1);
  }
}
