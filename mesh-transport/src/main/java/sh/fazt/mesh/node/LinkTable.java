package sh.fazt.mesh.node;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.VerifyKey;

/** The one live link to each peer. Confined to the mesh thread. */
final class LinkTable {
  private final VerifyKey self;
  private final Map<VerifyKey, Entry> links = new HashMap<>();

  LinkTable(VerifyKey self) {
    this.self = self;
  }

  private record Entry(MeshLink link, boolean dialled) {}

  /**
   * Takes a link in, unless the one that is there is to stay: when two nodes call each other at
   * once, both keep the link that the smaller key dialled; of two alike, the newer.
   *
   * @param dialled whether this node made the call
   * @return the link that must be closed, if there are two now
   */
  Optional<MeshLink> add(MeshLink link, boolean dialled) {
    VerifyKey peer = link.peer();
    Entry former = links.get(peer);
    boolean preferred = dialled == (self.compareTo(peer) < 0);
    if (former != null && former.dialled() != dialled && !preferred) {
      return Optional.of(link);
    }
    links.put(peer, new Entry(link, dialled));
    return Optional.ofNullable(former).map(Entry::link);
  }

  Optional<MeshLink> find(VerifyKey peer) {
    return Optional.ofNullable(links.get(peer)).map(Entry::link);
  }

  /** Whether this is the link in use to its peer. */
  boolean uses(MeshLink link) {
    Entry entry = links.get(link.peer());
    return entry != null && entry.link() == link;
  }

  void remove(VerifyKey peer) {
    links.remove(peer);
  }

  Collection<MeshLink> all() {
    return List.copyOf(links.values().stream().map(Entry::link).toList());
  }
}
