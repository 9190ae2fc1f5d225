/** From merged state to what the tables may show, and what they show now. */
@NullMarked
package sh.fazt.mesh.projection;

import org.jspecify.annotations.NullMarked;
