package sh.fazt.mesh.crdt;

import java.util.Comparator;
import sh.fazt.mesh.clock.Stamp;

/**
 * What operations on a cell start from, or a plain write itself.
 *
 * @param life the insert that gave the row the life that they belong to
 * @param base the plain write whose value it is; the life's own stamp if {@code born}
 * @param born whether the row was created by operations
 * @param type of the operations; 0 for a plain write alone
 */
record Origin(Stamp life, Stamp base, boolean born, int type) implements Comparable<Origin> {
  private static final Comparator<Origin> ORDER =
      Comparator.comparing(Origin::base)
          .thenComparing(Origin::born)
          .thenComparing(Origin::type)
          .thenComparing(Origin::life);

  /**
   * Plain writes alone put an end to others: creations count together, and a member may sign
   * operations on what nobody wrote.
   */
  boolean dominates(Origin other) {
    return type == 0 && life.compareTo(other.life) >= 0 && base.compareTo(other.base) > 0;
  }

  /** Whether it stands for operations on a plain write. */
  boolean isOn(Stamp itsLife, Stamp write) {
    return type != 0 && !born && life.equals(itsLife) && base.equals(write);
  }

  @Override
  public int compareTo(Origin other) {
    return ORDER.compare(this, other);
  }
}
