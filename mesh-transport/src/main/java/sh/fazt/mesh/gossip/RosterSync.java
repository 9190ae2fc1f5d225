package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.VerifyKey;

/** Keeps the rosters of neighbours equal: hashes first, operations where these differ. */
final class RosterSync {
  private final Peers peers;
  private List<Bytes> ops;
  private Hash hash;

  RosterSync(Peers peers, List<Bytes> ops) {
    this.peers = peers;
    this.ops = List.copyOf(ops);
    this.hash = hashOf(ops);
  }

  void compare(Turn turn, PeerState peer) {
    turn.send(peer, new RosterHash(hash));
  }

  void hash(Turn turn, PeerState peer, RosterHash theirs) {
    if (!theirs.hash().equals(hash)) {
      sendTo(turn, peer, ops);
    }
  }

  void ops(Turn turn, PeerState peer, RosterOps theirs) {
    turn.add(new Output.MergeRoster(peer.key, theirs.ops()));
  }

  /** Tells what came in to all but whom it came from. */
  void changed(Turn turn, List<Bytes> changed, Optional<VerifyKey> from) {
    Set<Bytes> known = new HashSet<>(ops);
    List<Bytes> fresh = changed.stream().filter(op -> !known.contains(op)).toList();
    ops = List.copyOf(changed);
    hash = hashOf(changed);
    for (PeerState peer : peers.introduced()) {
      if (!from.equals(Optional.of(peer.key))) {
        sendTo(turn, peer, fresh);
      }
    }
  }

  private static void sendTo(Turn turn, PeerState peer, List<Bytes> ops) {
    List<Bytes> part = new ArrayList<>();
    int bytes = 0;
    for (Bytes op : ops) {
      if (part.size() == MessageLimits.ROSTER_OPS_MAX
          || bytes + op.size() > MessageLimits.ROSTER_BYTES_MAX) {
        turn.send(peer, new RosterOps(part));
        part.clear();
        bytes = 0;
      }
      part.add(op);
      bytes += op.size();
    }
    if (!part.isEmpty()) {
      turn.send(peer, new RosterOps(part));
    }
  }

  private static Hash hashOf(List<Bytes> ops) {
    return Hash.of(
        ops.stream().map(op -> Hash.of(op)).sorted().map(Hash::value).toArray(Bytes[]::new));
  }
}
