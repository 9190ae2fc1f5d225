/** From merge results to rows, what is set aside, and what is parked. */
@NullMarked
package sh.fazt.mesh.apply;

import org.jspecify.annotations.NullMarked;
