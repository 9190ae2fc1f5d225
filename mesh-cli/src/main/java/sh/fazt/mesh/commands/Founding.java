package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What it takes to found a mesh.
 *
 * @param nodeName what the first node is called
 * @param listen where its daemon will listen, if somebody chose
 */
record Founding(
    Path database,
    Persona persona,
    String nodeName,
    Optional<HostPort> listen,
    TableChoice choice) {}
