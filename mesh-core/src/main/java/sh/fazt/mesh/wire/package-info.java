/** Batches to bytes and back, their limits, and the proof that a batch was checked. */
@NullMarked
package sh.fazt.mesh.wire;

import org.jspecify.annotations.NullMarked;
