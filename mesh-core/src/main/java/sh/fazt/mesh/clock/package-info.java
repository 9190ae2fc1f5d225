/** Hybrid logical clocks, stamps, dots and version vectors. */
@NullMarked
package sh.fazt.mesh.clock;

import org.jspecify.annotations.NullMarked;
