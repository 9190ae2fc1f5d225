package sh.fazt.mesh.store;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.schema.Value;

/** Where other nodes were reached, and when they were last met. Confined. */
public final class PeerTable {
  private final Database database;

  public PeerTable(Database database) {
    this.database = database;
  }

  /**
   * What is remembered of a peer.
   *
   * @param addresses HOST:PORT, the best first
   * @param lastSyncMillis when the two last held the same, Unix milliseconds; 0 for never
   */
  public record Peer(List<String> addresses, long lastSyncMillis) {
    public Peer {
      addresses = List.copyOf(addresses);
    }
  }

  public Map<VerifyKey, Peer> all() {
    Map<VerifyKey, Peer> peers = new TreeMap<>();
    try (Rows rows = database.query("SELECT node, addresses, last_sync FROM _mesh_peer")) {
      while (rows.next()) {
        List<String> addresses = List.of(rows.text(1).split(" ", -1));
        peers.put(
            new VerifyKey(rows.blob(0)),
            new Peer(
                addresses.stream().filter(address -> !address.isEmpty()).toList(),
                rows.integer(2)));
      }
    }
    return peers;
  }

  public void put(VerifyKey node, Peer peer) {
    database.execute(
        """
        INSERT INTO _mesh_peer (node, addresses, last_sync) VALUES (?, ?, ?)
        ON CONFLICT (node) DO UPDATE SET
          addresses = excluded.addresses, last_sync = excluded.last_sync""",
        Value.of(node.value()),
        Value.of(String.join(" ", peer.addresses())),
        Value.of(peer.lastSyncMillis()));
  }

  public void remove(VerifyKey node) {
    database.execute("DELETE FROM _mesh_peer WHERE node = ?", Value.of(node.value()));
  }
}
