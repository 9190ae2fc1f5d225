package sh.fazt.mesh.gossip;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Carries applications' small messages: each is told once, in the order of its sender, and passed
 * on to all other peers, so that it reaches members that are linked through others alone. What is
 * known, too old, too much, or of nobody is dropped before its signature is looked at.
 *
 * <p>What comes before its turn waits for what is missing; then it is told without that, which is
 * dropped if it comes later.
 */
final class Broadcasts {
  private final GossipConfig.Broadcasting limits;
  private final MeshId mesh;
  private final VerifyKey self;
  private final Peers peers;
  private final Map<VerifyKey, Voice> voices = new TreeMap<>();
  private final Map<VerifyKey, Allowance> links = new TreeMap<>();
  private Set<VerifyKey> members = Set.of();

  Broadcasts(GossipConfig.Broadcasting limits, LocalNode local, Peers peers) {
    this.limits = limits;
    this.mesh = local.mesh();
    this.self = local.site().node();
    this.peers = peers;
  }

  /** From now on these are listened to, and nobody else. */
  void members(Set<VerifyKey> present) {
    members = Set.copyOf(present);
    voices.keySet().retainAll(members);
    links.keySet().retainAll(members);
  }

  /** One of our own. */
  void say(Turn turn, Broadcast own) {
    peers.introduced().forEach(peer -> send(turn, peer, own));
  }

  void heard(Turn turn, PeerState peer, Broadcast broadcast) {
    Broadcast.Content content = broadcast.content();
    VerifyKey sender = content.id().site().node();
    if (!link(peer, turn.nowMillis).take(turn.nowMillis)
        || sender.equals(self)
        || !members.contains(sender)
        || Math.abs(turn.wallMillis - content.sentMillis()) > limits.ageMillisMax()) {
      return;
    }
    Voice voice = voices.get(sender);
    if (voice != null && (voice.knows(content.id()) || !voice.allowance.isLeft(turn.nowMillis))) {
      return;
    }
    if (!content.mesh().equals(mesh) || !broadcast.isSigned()) {
      turn.punish(peer, "a broadcast that " + sender + " did not sign for this mesh");
      return;
    }
    take(turn, peer, broadcast);
  }

  /** What is missing of a sender may have been waited for long enough. */
  void fired(Turn turn, VerifyKey sender) {
    Voice voice = voices.get(sender);
    if (voice != null && voice.isWaiting() && voice.dueMillis <= turn.nowMillis) {
      tell(turn, voice.skip());
      await(turn, sender, voice);
    }
  }

  /** How many bytes of messages wait for one before them. */
  long heldBytes() {
    return voices.values().stream().mapToLong(Voice::heldBytes).sum();
  }

  private Allowance link(PeerState peer, long nowMillis) {
    return links.computeIfAbsent(
        peer.key, key -> new Allowance(limits.linkPerSecond(), limits.linkBurst(), nowMillis));
  }

  private void take(Turn turn, PeerState from, Broadcast broadcast) {
    BroadcastId id = broadcast.content().id();
    VerifyKey sender = id.site().node();
    Voice voice =
        voices.computeIfAbsent(
            sender,
            key ->
                new Voice(
                    id,
                    new Allowance(limits.senderPerSecond(), limits.senderBurst(), turn.nowMillis)));
    voice.allowance.take(turn.nowMillis);
    relay(turn, from, sender, broadcast);
    boolean waited = voice.isWaiting();
    List<Broadcast> now = voice.take(broadcast);
    tell(turn, now);
    while (voice.heldCount() > limits.heldMax()
        || (voice.isWaiting() && heldBytes() > limits.heldBytesMax())) {
      tell(turn, voice.skip());
    }
    if (!waited || !now.isEmpty()) {
      await(turn, sender, voice);
    }
  }

  private void await(Turn turn, VerifyKey sender, Voice voice) {
    if (voice.isWaiting()) {
      voice.dueMillis = turn.nowMillis + limits.gapMillis();
      turn.schedule(new Timer.Gap(sender), voice.dueMillis);
    }
  }

  private void relay(Turn turn, PeerState from, VerifyKey sender, Broadcast broadcast) {
    if (broadcast.hops() == MessageLimits.BROADCAST_HOPS_MAX) {
      return;
    }
    Broadcast relayed = broadcast.relayed();
    for (PeerState peer : peers.introduced()) {
      if (!peer.key.equals(from.key) && !peer.key.equals(sender)) {
        send(turn, peer, relayed);
      }
    }
  }

  /** A link that is full takes a few more; then it goes without. */
  private void send(Turn turn, PeerState peer, Broadcast broadcast) {
    if (peer.writable || ++peer.unreadBroadcasts <= limits.unreadMax()) {
      turn.send(peer, broadcast);
    }
  }

  private static void tell(Turn turn, List<Broadcast> heard) {
    heard.forEach(broadcast -> turn.add(new Output.Hear(broadcast.content())));
  }
}
