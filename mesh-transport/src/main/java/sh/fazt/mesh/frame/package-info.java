/** The link that carries frames, and messages to frames and back. */
@NullMarked
package sh.fazt.mesh.frame;

import org.jspecify.annotations.NullMarked;
