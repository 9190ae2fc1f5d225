/** The gossip engine: inputs and the time go in, decisions come out; nothing here does I/O. */
@NullMarked
package sh.fazt.mesh.gossip;

import org.jspecify.annotations.NullMarked;
