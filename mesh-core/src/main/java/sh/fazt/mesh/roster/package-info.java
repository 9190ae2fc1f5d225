/** Who is a member: signed operations, invitations, and the rules that fold them. */
@NullMarked
package sh.fazt.mesh.roster;

import org.jspecify.annotations.NullMarked;
