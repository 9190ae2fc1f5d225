/** Rows by key, what changed in them, and batches of changes. */
@NullMarked
package sh.fazt.mesh.change;

import org.jspecify.annotations.NullMarked;
