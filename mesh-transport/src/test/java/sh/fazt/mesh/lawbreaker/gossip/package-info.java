@NullMarked
package sh.fazt.mesh.lawbreaker.gossip;

import org.jspecify.annotations.NullMarked;
