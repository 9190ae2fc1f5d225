package sh.fazt.mesh.commands;

import sh.fazt.mesh.TablePlan;

/**
 * A mesh that was just founded.
 *
 * @param nodeId its first node, {@code fazt_nod_…}
 * @param meshId the mesh
 * @param plan what happened to the tables
 */
record Founded(String nodeId, String meshId, TablePlan plan) {}
