package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.Optional;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.schema.ReplicationPlan;

/**
 * What it takes to join a mesh.
 *
 * @param database need not exist
 * @param inviter where the inviting node answers
 * @param listen where the daemon here will listen, if somebody chose
 */
record JoinRequest(
    Path database,
    InviteUrl inviter,
    InviteToken token,
    Persona persona,
    String nodeName,
    Optional<ListenAddress> listen,
    ReplicationPlan.Choice choice) {
  /** The same for a node of another name. */
  JoinRequest named(String name) {
    return new JoinRequest(database, inviter, token, persona, name, listen, choice);
  }
}
