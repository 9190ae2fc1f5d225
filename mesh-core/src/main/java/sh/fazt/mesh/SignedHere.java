package sh.fazt.mesh;

import java.util.HashMap;
import java.util.Map;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;

/**
 * Which batches this process has signed, over all the incarnations that it has worked as. Confined
 * to the thread that works with the database.
 */
final class SignedHere {
  private final Map<SiteId, Span> spans = new HashMap<>();

  private record Span(long after, long last) {}

  /** From now on it signs as {@code site}, whose last batch so far is {@code seq}, 0 for none. */
  void begin(SiteId site, long seq) {
    spans.putIfAbsent(site, new Span(seq, seq));
  }

  /** What {@code site} has signed reaches up to {@code seq} now. */
  void reach(SiteId site, long seq) {
    spans.computeIfPresent(
        site, (same, span) -> new Span(span.after(), Math.max(seq, span.last())));
  }

  boolean has(Dot dot) {
    Span span = spans.getOrDefault(dot.site(), new Span(0, 0));
    return dot.seq() > span.after() && dot.seq() <= span.last();
  }
}
