package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.Optional;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.schema.ReplicationPlan;

/**
 * What it takes to found a mesh.
 *
 * @param nodeName what the first node is called
 * @param listen where its daemon will listen, if somebody chose
 * @param words with which the persona's key can be replaced, if it shall be
 */
record Founding(
    Path database,
    Persona persona,
    String nodeName,
    Optional<ListenAddress> listen,
    ReplicationPlan.Choice choice,
    Optional<RecoveryPhrase> words) {}
