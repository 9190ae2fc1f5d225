package sh.fazt.mesh.gossip;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/** What is remembered of one peer; confined to the engine. */
final class PeerState {
  final VerifyKey key;

  /** What it holds; outlives the link. */
  final Holdings holds = new Holdings();

  /** What was sent to it on this link, perhaps not yet acknowledged. */
  final Holdings pushed = new Holdings();

  /** Sites whose heads moved since it was told. */
  final Set<SiteId> untold = new TreeSet<>();

  /** Authors whose fresh batches it asked for. */
  final Set<VerifyKey> grafts = new HashSet<>();

  boolean connected;

  /** Whether it was asked on this link to show a batch of ours that it says it holds. */
  boolean ownPastAsked;

  boolean introduced;
  boolean writable;
  int unread;

  /** Broadcasts sent to it since its link takes no more. */
  int unreadBroadcasts;

  long upMillis;
  long heardMillis;
  long comparedMillis;
  long levelMillis;
  long pingNonce;
  long pingMillis;
  OptionalLong rttMillis = OptionalLong.empty();
  OptionalLong clockOffsetMillis = OptionalLong.empty();
  @Nullable Hello hello;

  /** Our summary when we last asked it to compare. */
  Summary asked = Summary.EMPTY;

  /** The forks that it knows of, as far as it has said so. */
  Map<SiteId, Long> forks = Map.of();

  /** Up to where it has trimmed its log. */
  Summary floors = Summary.EMPTY;

  PeerState(VerifyKey key) {
    this.key = key;
  }

  /** A link begins: nothing is known to be on its way. */
  void up(long nowMillis) {
    down();
    connected = true;
    writable = true;
    upMillis = nowMillis;
    heardMillis = nowMillis;
  }

  /** Its link takes more, or should be spared until it does. */
  void writable(boolean now) {
    writable = now && connected;
    unread = 0;
    unreadBroadcasts = 0;
  }

  void down() {
    connected = false;
    introduced = false;
    writable = false;
    ownPastAsked = false;
    unread = 0;
    unreadBroadcasts = 0;
    comparedMillis = 0;
    pingMillis = 0;
    floors = Summary.EMPTY;
    rttMillis = OptionalLong.empty();
    pushed.clear();
    untold.clear();
    grafts.clear();
  }

  /** The highest seq of that site that it holds or that is on its way to it. */
  long coming(SiteId site) {
    return Math.max(holds.seq(site), pushed.seq(site));
  }

  PeerView view(OwnLog log) {
    return new PeerView(
        key,
        introduced,
        Optional.ofNullable(hello),
        log.behind(holds),
        log.ahead(holds),
        comparedMillis,
        levelMillis,
        rttMillis,
        clockOffsetMillis);
  }

  @Override
  public String toString() {
    return key.toString();
  }
}
