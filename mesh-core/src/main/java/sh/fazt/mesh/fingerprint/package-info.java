/** Whole states in brief, and how two nodes find where theirs differ. */
@NullMarked
package sh.fazt.mesh.fingerprint;

import org.jspecify.annotations.NullMarked;
