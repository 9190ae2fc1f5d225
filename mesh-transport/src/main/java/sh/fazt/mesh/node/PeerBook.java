package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.store.PeerTable;

/**
 * Where the other members were reached, and when to call them next. Confined to the mesh thread.
 */
final class PeerBook {
  private static final int ADDRESSES_MAX = 16;

  private final PeerTable table;
  private final Chance chance;
  private final Map<VerifyKey, PeerTable.Peer> peers;
  private final Map<VerifyKey, Backoff> backoffs = new HashMap<>();
  private final Map<VerifyKey, Integer> turns = new HashMap<>();

  PeerBook(PeerTable table, Chance chance) {
    this.table = table;
    this.chance = chance;
    this.peers = new HashMap<>(table.all());
  }

  Optional<PeerTable.Peer> find(VerifyKey node) {
    return Optional.ofNullable(peers.get(node));
  }

  /** The address to try now: each in turn, the best first. */
  Optional<String> nextAddress(VerifyKey node) {
    List<String> addresses = find(node).map(PeerTable.Peer::addresses).orElse(List.of());
    if (addresses.isEmpty()) {
      return Optional.empty();
    }
    int turn = turns.merge(node, 1, Integer::sum) - 1;
    return Optional.of(addresses.get(turn % addresses.size()));
  }

  /** Takes note that a peer was reached there. */
  void reached(VerifyKey node, String address) {
    turns.remove(node);
    backoff(node).succeeded();
    learn(node, List.of(address), true);
  }

  /** Takes note of where a peer says that it can be reached. */
  void told(VerifyKey node, List<String> addresses) {
    learn(node, addresses, false);
  }

  private void learn(VerifyKey node, List<String> addresses, boolean first) {
    PeerTable.Peer before = find(node).orElse(new PeerTable.Peer(List.of(), 0));
    Set<String> joined = new LinkedHashSet<>(first ? addresses : before.addresses());
    joined.addAll(first ? before.addresses() : addresses);
    List<String> kept = new ArrayList<>(joined);
    save(
        node,
        new PeerTable.Peer(
            kept.subList(0, Math.min(ADDRESSES_MAX, kept.size())), before.lastSyncMillis()));
  }

  /** Takes note that the two held the same. */
  void level(VerifyKey node, long atMillis) {
    PeerTable.Peer before = find(node).orElse(new PeerTable.Peer(List.of(), 0));
    save(node, new PeerTable.Peer(before.addresses(), atMillis));
  }

  private void save(VerifyKey node, PeerTable.Peer peer) {
    PeerTable.Peer former = peers.put(node, peer);
    if (!peer.equals(former)) {
      table.put(node, peer);
    }
  }

  /** How long to wait after one more failed call. */
  long failed(VerifyKey node) {
    return backoff(node).failed();
  }

  /** Calls at once the next time, as a person asks. */
  void forgive(VerifyKey node) {
    backoff(node).succeeded();
  }

  private Backoff backoff(VerifyKey node) {
    return backoffs.computeIfAbsent(node, key -> new Backoff(chance));
  }
}
