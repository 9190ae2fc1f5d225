/** What can go wrong that a person should hear of: one exception, one code each. */
@NullMarked
package sh.fazt.mesh.fault;

import org.jspecify.annotations.NullMarked;
