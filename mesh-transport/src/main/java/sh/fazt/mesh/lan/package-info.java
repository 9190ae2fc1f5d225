/**
 * Nodes of one mesh find each other on a local network: sealed and signed beacons over multicast.
 * What is heard is a hint of where a member may be dialled, and nothing else.
 */
@NullMarked
package sh.fazt.mesh.lan;

import org.jspecify.annotations.NullMarked;
