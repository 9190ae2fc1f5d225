@NullMarked
package sh.fazt.mesh.lawbreaker.lan;

import org.jspecify.annotations.NullMarked;
