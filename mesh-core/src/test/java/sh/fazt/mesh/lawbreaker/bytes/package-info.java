@NullMarked
package sh.fazt.mesh.lawbreaker.bytes;

import org.jspecify.annotations.NullMarked;
