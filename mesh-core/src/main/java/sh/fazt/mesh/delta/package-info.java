/** Summaries of what a node holds, and what a peer lacks. */
@NullMarked
package sh.fazt.mesh.delta;

import org.jspecify.annotations.NullMarked;
