package sh.fazt.mesh.identity;

import java.util.Comparator;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * One replica as the change log knows it.
 *
 * @param node the key that signs its batches
 * @param incarnation 1, 2, 3 …: a restored or copied database continues as the next one
 */
public record SiteId(VerifyKey node, int incarnation) implements Comparable<SiteId> {
  private static final Comparator<SiteId> ORDER =
      Comparator.comparing(SiteId::node).thenComparingInt(SiteId::incarnation);

  public SiteId {
    if (incarnation < 1) {
      throw new IllegalArgumentException("incarnation starts at 1: " + incarnation);
    }
  }

  /** 32 bytes of key, then the incarnation as varint. */
  public void writeTo(ByteWriter out) {
    out.raw(node.value()).varint(incarnation);
  }

  public static SiteId readFrom(ByteReader in) throws MalformedException {
    VerifyKey node = VerifyKey.readFrom(in);
    int incarnation = in.count("incarnation", Integer.MAX_VALUE);
    if (incarnation == 0) {
      throw new MalformedException("incarnation 0");
    }
    return new SiteId(node, incarnation);
  }

  @Override
  public int compareTo(SiteId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return node + "/" + incarnation;
  }
}
