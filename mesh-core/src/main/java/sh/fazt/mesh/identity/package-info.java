/** Keys, signatures and ids: who a persona, a node and a site are. */
@NullMarked
package sh.fazt.mesh.identity;

import org.jspecify.annotations.NullMarked;
