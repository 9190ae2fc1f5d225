package sh.fazt.mesh.capture;

import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;

/**
 * This node as an author.
 *
 * @param seniority rank of its genesis rows, 0 for the founder
 */
public record OwnSite(MeshId mesh, SiteId site, SigningKey key, int seniority) {}
