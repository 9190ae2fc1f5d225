package sh.fazt.mesh.projection;

import java.util.Comparator;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;

/**
 * A row's claim to its unique values. Of rows that want the same, the one with the oldest claim is
 * shown: a function of the merged state alone, so every node shows the same one.
 *
 * @param since the latest write of any of the row's unique values
 * @param key the row's, encoded
 */
public record Claim(Stamp since, Bytes key) implements Comparable<Claim> {
  private static final Comparator<Claim> ORDER =
      Comparator.comparing((Claim claim) -> age(claim.since().hlc()))
          .thenComparing(claim -> claim.since().site())
          .thenComparing(Claim::key);

  /**
   * @param alive the merged state of a living row
   * @param unique the numbers of the columns in the table's UNIQUE indexes
   */
  public static Claim of(RowKey key, RowState alive, Iterable<Integer> unique) {
    Stamp life =
        alive.alive().orElseThrow(() -> new IllegalArgumentException("a dead row claims nothing"));
    Stamp since = null;
    for (int column : unique) {
      Stamp wrote = alive.cell(column).map(CellState::winner).orElse(life);
      since = since == null || wrote.compareTo(since) > 0 ? wrote : since;
    }
    return new Claim(since == null ? life : since, key.encoded());
  }

  /** Genesis first, and of these the senior's, whose stamps are the higher. */
  private static Hlc age(Hlc hlc) {
    return hlc.isGenesis() ? Hlc.of(0, Hlc.COUNTER_MAX - hlc.counter()) : hlc;
  }

  @Override
  public int compareTo(Claim other) {
    return ORDER.compare(this, other);
  }
}
