/** Runs that try to break the promises with processes that die. */
@NullMarked
package sh.fazt.mesh.sim;

import org.jspecify.annotations.NullMarked;
