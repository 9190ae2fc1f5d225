@NullMarked
package sh.fazt.mesh.lawbreaker.crdt;

import org.jspecify.annotations.NullMarked;
