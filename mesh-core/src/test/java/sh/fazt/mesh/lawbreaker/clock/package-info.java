@NullMarked
package sh.fazt.mesh.lawbreaker.clock;

import org.jspecify.annotations.NullMarked;
