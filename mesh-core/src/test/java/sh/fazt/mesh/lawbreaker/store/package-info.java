@NullMarked
package sh.fazt.mesh.lawbreaker.store;

import org.jspecify.annotations.NullMarked;
