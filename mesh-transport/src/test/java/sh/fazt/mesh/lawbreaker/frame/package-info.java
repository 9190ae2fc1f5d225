@NullMarked
package sh.fazt.mesh.lawbreaker.frame;

import org.jspecify.annotations.NullMarked;
