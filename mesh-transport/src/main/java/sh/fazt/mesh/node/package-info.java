/** A running node: the one mesh thread, its links and peers, and what others may ask of it. */
@NullMarked
package sh.fazt.mesh.node;

import org.jspecify.annotations.NullMarked;
