package sh.fazt.mesh.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * The live link to each peer: one at a time. Of two that both sides dialled at once, both keep the
 * one that the smaller key dialled; otherwise a later link takes an earlier one's place, since its
 * dialler has lost that. Confined to the mesh thread.
 */
final class LinkTable {
  private final VerifyKey self;
  private final long onceMillis;
  private final Map<VerifyKey, Entry> live = new HashMap<>();

  /**
   * @param onceMillis two links within that time were dialled at once
   */
  LinkTable(VerifyKey self, long onceMillis) {
    this.self = self;
    this.onceMillis = onceMillis;
  }

  private record Entry(MeshLink link, boolean dialledHere, long sinceMillis) {}

  /**
   * Takes a link up, or not.
   *
   * @return the link to close for it: none, the former one, or {@code link} itself
   */
  Optional<MeshLink> offer(MeshLink link, boolean dialledHere, long nowMillis) {
    VerifyKey peer = link.peer();
    Entry former = live.get(peer);
    boolean atOnce =
        former != null
            && former.dialledHere != dialledHere
            && nowMillis - former.sinceMillis < onceMillis;
    boolean smallerDialled = dialledHere == self.compareTo(peer) < 0;
    if (atOnce && !smallerDialled) {
      return Optional.of(link);
    }
    live.put(peer, new Entry(link, dialledHere, nowMillis));
    return Optional.ofNullable(former).map(Entry::link);
  }

  /** Forgets a link that closed; false if it was not the live one. */
  boolean remove(MeshLink link) {
    Entry entry = live.get(link.peer());
    return entry != null && entry.link == link && live.remove(link.peer(), entry);
  }

  boolean isLive(MeshLink link) {
    return find(link.peer()).filter(found -> found == link).isPresent();
  }

  Optional<MeshLink> find(VerifyKey peer) {
    return Optional.ofNullable(live.get(peer)).map(Entry::link);
  }

  List<MeshLink> all() {
    return live.values().stream().map(Entry::link).toList();
  }
}
