package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.netty.ListenAddress;

/**
 * What it takes to run a node.
 *
 * @param listen overrides what init or join was told
 * @param beacon whether it shows itself on the local network
 * @param persona where the owner's key is, for signing invites
 */
record NodeRequest(
    Path database, Optional<ListenAddress> listen, boolean beacon, Supplier<Persona> persona) {}
