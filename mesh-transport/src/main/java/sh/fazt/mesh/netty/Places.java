package sh.fazt.mesh.netty;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts a server's connections, so that strangers can neither exhaust it nor crowd links out.
 * Thread-safe.
 */
final class Places {
  private final LinkLimits limits;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger strangers = new AtomicInteger();

  Places(LinkLimits limits) {
    this.limits = limits;
  }

  /** A place for one more stranger, if there is one. */
  Optional<Place> take() {
    boolean room = taken.incrementAndGet() <= limits.connectionsMax();
    boolean strangersRoom = strangers.incrementAndGet() <= limits.strangersMax();
    Place place = new Place();
    if (room && strangersRoom) {
      return Optional.of(place);
    }
    place.leave();
    return Optional.empty();
  }

  /** The place of one connection; confined to its thread. */
  final class Place {
    private boolean stranger = true;

    private Place() {}

    /** The connection has shown whose it is. */
    void settle() {
      if (stranger) {
        stranger = false;
        strangers.decrementAndGet();
      }
    }

    /** The connection is gone; called once. */
    void leave() {
      settle();
      taken.decrementAndGet();
    }
  }
}
