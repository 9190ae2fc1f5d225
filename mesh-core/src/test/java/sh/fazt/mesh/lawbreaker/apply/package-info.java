@NullMarked
package sh.fazt.mesh.lawbreaker.apply;

import org.jspecify.annotations.NullMarked;
