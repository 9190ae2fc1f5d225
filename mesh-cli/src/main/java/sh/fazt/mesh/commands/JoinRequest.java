package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What it takes to join a mesh.
 *
 * @param database need not exist
 * @param inviter where the inviting node answers
 * @param token checked in form, secret
 * @param listen where the daemon here will listen, if somebody chose
 */
record JoinRequest(
    Path database,
    HostPort inviter,
    String token,
    Persona persona,
    String nodeName,
    Optional<HostPort> listen,
    TableChoice choice) {
  @Override
  public String toString() {
    return "JoinRequest of " + nodeName + " to " + inviter;
  }
}
