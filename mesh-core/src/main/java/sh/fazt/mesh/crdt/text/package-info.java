/** Texts that merge: a sequence of code points as a join, its bytes, and the difference of two. */
@NullMarked
package sh.fazt.mesh.crdt.text;

import org.jspecify.annotations.NullMarked;
