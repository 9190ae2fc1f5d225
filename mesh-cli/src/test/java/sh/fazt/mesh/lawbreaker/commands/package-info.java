@NullMarked
package sh.fazt.mesh.lawbreaker.commands;

import org.jspecify.annotations.NullMarked;
