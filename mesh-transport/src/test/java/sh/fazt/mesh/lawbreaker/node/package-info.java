@NullMarked
package sh.fazt.mesh.lawbreaker.node;

import org.jspecify.annotations.NullMarked;
