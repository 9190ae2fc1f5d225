package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One call of the engine: the time, and the decisions so far. */
final class Turn {
  final long nowMillis;
  final long wallMillis;
  private final int unreadMax;
  private final List<Output> outputs = new ArrayList<>();
  private final Map<PeerState, Integer> pushedBytes = new HashMap<>();
  private final List<PeerState> dropped = new ArrayList<>();

  Turn(long nowMillis, long wallMillis, int unreadMax) {
    this.nowMillis = nowMillis;
    this.wallMillis = Math.max(0, wallMillis);
    this.unreadMax = unreadMax;
  }

  /** Sends if the peer is linked; a peer that leaves too much unread is dropped. */
  void send(PeerState to, Message message) {
    if (!to.connected) {
      return;
    }
    if (!to.writable && ++to.unread > unreadMax) {
      drop(to, "it does not read: " + to.unread + " messages wait");
      return;
    }
    outputs.add(new Output.Send(to.key, message));
  }

  /** Counts bytes that are pushed to a peer. @return all of this turn, these included */
  int push(PeerState to, int bytes) {
    return pushedBytes.merge(to, bytes, Integer::sum);
  }

  void schedule(Timer timer, long dueMillis) {
    outputs.add(new Output.Schedule(timer, dueMillis));
  }

  void tell(Report report) {
    outputs.add(new Output.Tell(report));
  }

  void add(Output output) {
    outputs.add(output);
  }

  /** Ends the link; what the engine keeps for it is put away when the turn ends. */
  void drop(PeerState peer, String reason) {
    if (peer.connected) {
      peer.connected = false;
      peer.introduced = false;
      outputs.add(new Output.Drop(peer.key, reason));
      dropped.add(peer);
    }
  }

  /** Ends the link of a peer that broke the rules. */
  void punish(PeerState peer, String why) {
    if (peer.connected) {
      tell(new Report.Misbehaved(peer.key, why));
      drop(peer, why);
    }
  }

  /** The peers dropped since this was asked last. */
  List<PeerState> takeDropped() {
    List<PeerState> taken = List.copyOf(dropped);
    dropped.clear();
    return taken;
  }

  List<Output> outputs() {
    return outputs;
  }
}
