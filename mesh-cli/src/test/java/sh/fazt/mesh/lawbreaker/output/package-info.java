@NullMarked
package sh.fazt.mesh.lawbreaker.output;

import org.jspecify.annotations.NullMarked;
