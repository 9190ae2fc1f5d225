package sh.fazt.mesh;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.capture.OwnSite;
import sh.fazt.mesh.delta.Acknowledgement;
import sh.fazt.mesh.delta.Stability;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * What members tell each other of what their tables show, which all of them keep: by it each finds
 * out what is stable. Confined to the thread of its {@link Mesh}.
 */
public final class Acknowledging {
  /** Between two acknowledgements of a node whose tables have changed. */
  static final long GAP_MILLIS = 10 * 60 * 1000L;

  /** After which it says again what it has said, as a sign of life. */
  static final long LIFE_MILLIS = 24 * 60 * 60 * 1000L;

  /** By how much the times of two differ at least. */
  private static final long STEP_MILLIS = 1_000;

  private final Frontier frontier;
  private final OwnSite own;
  private final Membership membership;
  private final Ambient ambient;

  Acknowledging(Frontier frontier, OwnSite own, Membership membership, Ambient ambient) {
    this.frontier = frontier;
    this.own = own;
    this.membership = membership;
    this.ambient = ambient;
  }

  /** The last that each member has said, this node included, as far as is known. */
  public List<Acknowledgement> known() {
    return List.copyOf(frontier.said().values());
  }

  /**
   * Keeps what a member has said.
   *
   * @return whether it was news, and the member's own word
   */
  public boolean hear(Acknowledgement said) {
    return frontier.hear(own.mesh(), said);
  }

  /**
   * Signs what the tables show by now, if it is time to say so again. It is on the disk before
   * anybody hears of it.
   *
   * @param durable makes what is committed survive a power cut
   */
  Optional<Acknowledgement> say(Runnable durable) {
    VerifyKey self = own.site().node();
    Optional<Acknowledgement> last = frontier.last(self);
    long now = ambient.now();
    Summary shown = frontier.shown();
    if (last.isPresent() && !isDue(last.get(), shown, now)) {
      return Optional.empty();
    }
    // Its time only grows, wherever the clock jumps: the latest counts.
    long at = Math.max(now, last.map(said -> said.atMillis() + STEP_MILLIS).orElse(0L));
    durable.run();
    Acknowledgement said = Acknowledgement.sign(own.mesh(), own.key(), at, shown);
    frontier.hear(own.mesh(), said);
    return Optional.of(said);
  }

  private static boolean isDue(Acknowledgement last, Summary shown, long nowMillis) {
    long gap = last.shown().equals(shown) ? LIFE_MILLIS : GAP_MILLIS;
    return Math.abs(nowMillis - last.atMillis()) >= gap;
  }

  /** What every member is on record to show. */
  public Stability stability() {
    return frontier.stability(membership.roster(), own.site().node(), ambient.now());
  }
}
