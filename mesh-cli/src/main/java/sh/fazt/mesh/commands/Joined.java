package sh.fazt.mesh.commands;

/**
 * A membership that was just granted.
 *
 * @param nodeId this node, {@code fazt_nod_…}
 * @param inviterId the node that admitted it
 * @param inviterName what that is called
 * @param tables how many tables replicate here
 */
record Joined(String nodeId, String inviterId, String inviterName, int tables) {}
