/** A node at work: the one mesh thread, the peer book, links, status. */
@NullMarked
package sh.fazt.mesh.node;

import org.jspecify.annotations.NullMarked;
