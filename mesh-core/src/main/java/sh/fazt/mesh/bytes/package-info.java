/** Immutable byte strings, their digests, and their bounded reading and writing. */
@NullMarked
package sh.fazt.mesh.bytes;

import org.jspecify.annotations.NullMarked;
