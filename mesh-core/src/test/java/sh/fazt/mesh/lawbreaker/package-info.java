@NullMarked
package sh.fazt.mesh.lawbreaker;

import org.jspecify.annotations.NullMarked;
