@NullMarked
package sh.fazt.mesh.lawbreaker.wire;

import org.jspecify.annotations.NullMarked;
