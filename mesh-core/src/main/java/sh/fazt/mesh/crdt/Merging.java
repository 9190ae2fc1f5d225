package sh.fazt.mesh.crdt;

import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.schema.Value;

/**
 * What the operations on one value of a merging column have come to. A join semilattice: operations
 * and states come in any order, any number of times, and give the same bytes. Mutable, confined.
 */
public interface Merging {
  /** What it shows: a function of the state alone. */
  Value shown();

  /**
   * Makes the operations that lead from one value to another, and takes them in.
   *
   * @param from what the column shows
   * @return them; empty if there are none that this type knows, and then nothing has changed
   */
  Optional<Bytes> edit(Writer writer, Hlc now, Value from, Value to);

  /**
   * Takes in what {@link #edit} or {@link #encode} gave elsewhere.
   *
   * @throws MalformedException if it is neither; then nothing has changed
   */
  void merge(Bytes operations) throws MalformedException;

  /** The state; equal states give equal bytes. */
  Bytes encode();
}
