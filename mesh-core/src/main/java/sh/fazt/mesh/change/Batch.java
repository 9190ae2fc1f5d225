package sh.fazt.mesh.change;

import java.util.List;
import sh.fazt.mesh.clock.Stamp;

/** The changes of one harvest, whole transactions only, by one site. */
public record Batch(BatchHeader header, List<Change> changes) {
  public Batch {
    changes = List.copyOf(changes);
  }

  /** The stamp of one of this batch's changes. */
  public Stamp stampOf(Change change) {
    return new Stamp(change.hlc(), header.dot().site());
  }
}
