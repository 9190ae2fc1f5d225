package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/** Puts large batches together from their parts; takes memory only as bytes arrive. */
final class Reassembly {
  private final Map<Key, Partial> partials = new HashMap<>();
  private final long bytesMax;
  private long bytes;

  Reassembly(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Whether there is room for more parts at all. */
  boolean hasRoomFor(BatchPart part) {
    return bytes + part.bytes().size() <= bytesMax;
  }

  /**
   * Adds a part. One that does not continue what came is passed over, with what came: it belongs to
   * a request that was taken back.
   *
   * @return the envelope once it is whole
   * @throws MalformedException if the parts add up to too much
   */
  Optional<Bytes> add(VerifyKey from, BatchPart part) throws MalformedException {
    Key key = new Key(from, part.dot());
    Partial partial = partials.getOrDefault(key, new Partial());
    if (part.index() != partial.parts.size()) {
      drop(key);
      if (part.index() != 0) {
        return Optional.empty();
      }
      partial = new Partial();
    }
    partial.parts.add(part.bytes());
    partial.bytes += part.bytes().size();
    bytes += part.bytes().size();
    partials.put(key, partial);
    if (partial.bytes > MessageLimits.ENVELOPE_BYTES_MAX) {
      drop(key);
      throw new MalformedException(part.dot() + " of over " + partial.bytes + " bytes");
    }
    if (!part.last()) {
      return Optional.empty();
    }
    drop(key);
    return Optional.of(Bytes.concat(partial.parts.toArray(Bytes[]::new)));
  }

  /** Forgets what that peer began of that site. */
  void drop(VerifyKey from, SiteId site) {
    for (Key key : List.copyOf(partials.keySet())) {
      if (key.from.equals(from) && key.dot.site().equals(site)) {
        drop(key);
      }
    }
  }

  /** Bytes kept now. */
  long bytes() {
    return bytes;
  }

  private void drop(Key key) {
    Partial partial = partials.remove(key);
    if (partial != null) {
      bytes -= partial.bytes;
    }
  }

  private record Key(VerifyKey from, Dot dot) {}

  private static final class Partial {
    private final List<Bytes> parts = new ArrayList<>();
    private int bytes;
  }
}
