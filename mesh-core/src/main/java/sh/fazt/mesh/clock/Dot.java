package sh.fazt.mesh.clock;

import java.util.Comparator;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.SiteId;

/**
 * Names one batch of one site.
 *
 * @param seq 1, 2, 3 … without gaps
 */
public record Dot(SiteId site, long seq) implements Comparable<Dot> {
  private static final Comparator<Dot> ORDER =
      Comparator.comparing(Dot::site).thenComparingLong(Dot::seq);

  public Dot {
    if (seq < 1) {
      throw new IllegalArgumentException("seq starts at 1: " + seq);
    }
  }

  public void writeTo(ByteWriter out) {
    site.writeTo(out);
    out.varint(seq);
  }

  public static Dot readFrom(ByteReader in) throws MalformedException {
    SiteId site = SiteId.readFrom(in);
    long seq = in.varint();
    if (seq < 1) {
      throw new MalformedException("seq starts at 1: " + Long.toUnsignedString(seq));
    }
    return new Dot(site, seq);
  }

  @Override
  public int compareTo(Dot other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return site + ":" + seq;
  }
}
