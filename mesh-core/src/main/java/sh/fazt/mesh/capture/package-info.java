/** Triggers, genesis and harvest: from what an application wrote to changes. */
@NullMarked
package sh.fazt.mesh.capture;

import org.jspecify.annotations.NullMarked;
