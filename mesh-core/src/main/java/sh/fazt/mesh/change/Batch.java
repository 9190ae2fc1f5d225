package sh.fazt.mesh.change;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.clock.Stamp;

/**
 * The changes of one harvest, whole transactions only, by one site; or a batch of a forked site,
 * carried.
 *
 * @param changes empty if it carries a batch
 */
public record Batch(BatchHeader header, List<Change> changes, Optional<Carried> carried) {
  public Batch {
    changes = List.copyOf(changes);
    if (carried.isPresent()
        && (!changes.isEmpty()
            || carried.get().batch().header().dot().site().equals(header.dot().site()))) {
      throw new IllegalArgumentException(header.dot() + " cannot carry that");
    }
  }

  public Batch(BatchHeader header, List<Change> changes) {
    this(header, changes, Optional.empty());
  }

  public Batch(BatchHeader header, Carried carried) {
    this(header, List.of(), Optional.of(carried));
  }

  /** The batch whose changes are to be merged: what this carries, or this itself. */
  public Batch content() {
    return carried.map(Carried::batch).orElse(this);
  }

  /** The stamp of one of this batch's own changes. */
  public Stamp stampOf(Change change) {
    return new Stamp(change.hlc(), header.dot().site());
  }
}
