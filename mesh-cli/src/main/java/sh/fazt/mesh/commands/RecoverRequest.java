package sh.fazt.mesh.commands;

import java.nio.file.Path;
import sh.fazt.mesh.Recovery;
import sh.fazt.mesh.identity.RecoveryPhrase;

/**
 * What it takes to replace a persona's key.
 *
 * @param words the mesh was founded with, or the last replacement made
 * @param choice which nodes go on
 */
record RecoverRequest(Path database, RecoveryPhrase words, Recovery.Choice choice) {}
