package sh.fazt.mesh.gossip;

import java.util.OptionalLong;
import sh.fazt.mesh.identity.Chance;

/** Pings: finds dead links, measures live ones. */
final class Keepalive {
  private final GossipConfig.Pace pace;
  private final Chance chance;

  Keepalive(GossipConfig.Pace pace, Chance chance) {
    this.pace = pace;
    this.chance = chance;
  }

  void up(Turn turn, PeerState peer) {
    turn.schedule(new Timer.Keepalive(peer.key), turn.nowMillis + pace.helloMillis());
  }

  void fired(Turn turn, PeerState peer) {
    long silent = turn.nowMillis - peer.heardMillis;
    if (!peer.connected) {
      return;
    }
    if (!peer.introduced && turn.nowMillis - peer.upMillis >= pace.helloMillis()) {
      turn.punish(peer, "no hello within " + pace.helloMillis() + " ms");
    } else if (silent > pace.silenceMillis()) {
      turn.drop(peer, "silent for " + silent + " ms");
    } else {
      ping(turn, peer);
    }
  }

  void ping(Turn turn, PeerState peer) {
    peer.pingNonce = Jitter.word(chance);
    peer.pingMillis = turn.nowMillis;
    turn.send(peer, new Ping(peer.pingNonce, turn.wallMillis));
    turn.schedule(
        new Timer.Keepalive(peer.key), turn.nowMillis + Jitter.around(pace.pingMillis(), chance));
  }

  void pinged(Turn turn, PeerState peer, Ping ping) {
    turn.send(peer, new Pong(ping.nonce(), turn.wallMillis));
  }

  /** Half of the way back is taken off, as in RFC 5905, §8. */
  void ponged(Turn turn, PeerState peer, Pong pong) {
    if (pong.nonce() == peer.pingNonce && peer.pingMillis > 0) {
      long rtt = Math.max(0, turn.nowMillis - peer.pingMillis);
      peer.rttMillis = OptionalLong.of(rtt);
      peer.clockOffsetMillis = OptionalLong.of(pong.nowMillis() + rtt / 2 - turn.wallMillis);
      peer.pingMillis = 0;
    }
  }
}
