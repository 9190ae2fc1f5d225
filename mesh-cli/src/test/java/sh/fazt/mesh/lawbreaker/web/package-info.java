@NullMarked
package sh.fazt.mesh.lawbreaker.web;

import org.jspecify.annotations.NullMarked;
