package sh.fazt.mesh.clock;

import java.util.Comparator;
import sh.fazt.mesh.identity.SiteId;

/** When a write was made and by which site: the order that last-write-wins follows. */
public record Stamp(Hlc hlc, SiteId site) implements Comparable<Stamp> {
  private static final Comparator<Stamp> ORDER =
      Comparator.comparing(Stamp::hlc).thenComparing(Stamp::site);

  @Override
  public int compareTo(Stamp other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return hlc + "@" + site;
  }
}
