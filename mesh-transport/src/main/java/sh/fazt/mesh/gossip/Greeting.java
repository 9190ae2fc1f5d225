package sh.fazt.mesh.gossip;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.identity.SiteId;

/** How we and a peer meet and part: introduces us and judges how the peer introduces itself. */
final class Greeting {
  private final LocalNode local;
  private final OwnLog log;
  private final Sightings sightings;

  Greeting(LocalNode local, OwnLog log, Sightings sightings) {
    this.local = local;
    this.log = log;
    this.sightings = sightings;
  }

  void up(Turn turn, PeerState peer) {
    turn.send(
        peer,
        new Hello(
            MessageLimits.PROTOCOL_VERSION,
            local.mesh(),
            local.site(),
            local.nodeName(),
            local.programVersion(),
            turn.wallMillis,
            local.addresses(),
            headsOf(peer)));
  }

  /** Whether the peer is welcome; if not it is told why and dropped. */
  boolean hello(Turn turn, PeerState peer, Hello hello) {
    if (peer.introduced) {
      turn.punish(peer, "a second hello");
    } else if (hello.protocolVersion() != MessageLimits.PROTOCOL_VERSION) {
      otherVersion(turn, peer, hello.protocolVersion());
    } else if (!hello.mesh().equals(local.mesh())) {
      refuse(turn, peer, ErrorCode.NOT_A_MEMBER, "this is mesh " + local.mesh());
    } else if (!hello.site().node().equals(peer.key)) {
      turn.punish(peer, "hello of " + hello.site() + " from " + peer);
    } else {
      peer.introduced = true;
      peer.hello = hello;
      peer.clockOffsetMillis = OptionalLong.of(hello.nowMillis() - turn.wallMillis);
      turn.tell(new Report.Greeted(peer.key, hello));
      sightings.check(turn, peer, hello.yourHeads());
      return true;
    }
    return false;
  }

  /** The peer will not have us. */
  void refused(Turn turn, PeerState peer, Refuse refusal) {
    turn.tell(new Report.TurnedAway(peer.key, refusal.code(), refusal.message()));
    turn.drop(peer, refusal.message());
  }

  /** The peer goes. */
  void left(Turn turn, PeerState peer, Bye bye) {
    turn.tell(new Report.Left(peer.key, bye.reason()));
    turn.drop(peer, bye.reason());
  }

  /** We go. */
  void leave(Turn turn, Peers peers, String reason) {
    String told = PlainText.fit(reason, MessageLimits.TEXT_BYTES_MAX);
    for (PeerState peer : peers.introduced()) {
      turn.send(peer, new Bye(told));
      turn.drop(peer, told);
    }
  }

  private void otherVersion(Turn turn, PeerState peer, int theirs) {
    int ours = MessageLimits.PROTOCOL_VERSION;
    turn.tell(new Report.OtherVersion(peer.key, theirs, ours));
    refuse(
        turn,
        peer,
        ErrorCode.VERSION_MISMATCH,
        "protocol " + ours + " is spoken here, not " + theirs);
  }

  private static void refuse(Turn turn, PeerState peer, ErrorCode code, String message) {
    turn.send(peer, new Refuse(code.name(), message));
    turn.drop(peer, message);
  }

  private Summary headsOf(PeerState peer) {
    Map<SiteId, Head> heads = new TreeMap<>();
    log.summary()
        .heads()
        .forEach(
            (site, head) -> {
              if (site.node().equals(peer.key)) {
                heads.put(site, head);
              }
            });
    return Summary.of(heads);
  }
}
