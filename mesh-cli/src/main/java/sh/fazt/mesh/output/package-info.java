/** Rules of printing: what goes to which stream, in which form, on which kind of terminal. */
@NullMarked
package sh.fazt.mesh.output;

import org.jspecify.annotations.NullMarked;
