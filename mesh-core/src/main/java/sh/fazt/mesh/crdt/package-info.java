/** The merge laws: pure joins, indifferent to order and repetition. */
@NullMarked
package sh.fazt.mesh.crdt;

import org.jspecify.annotations.NullMarked;
