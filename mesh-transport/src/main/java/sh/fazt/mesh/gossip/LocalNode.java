package sh.fazt.mesh.gossip;

import java.util.List;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SiteId;

/**
 * Who we are, as {@link Hello} tells it.
 *
 * @param site our own, of the present incarnation
 * @param nodeName cut to what a hello may hold
 * @param programVersion as people write it
 * @param addresses where we can be dialled, {@code host:port}
 */
public record LocalNode(
    MeshId mesh, SiteId site, String nodeName, String programVersion, List<String> addresses) {
  public LocalNode {
    nodeName = PlainText.fit(nodeName, MessageLimits.NAME_BYTES_MAX);
    programVersion = PlainText.fit(programVersion, MessageLimits.NAME_BYTES_MAX);
    addresses = addresses.stream().limit(MessageLimits.ADDRESSES_MAX).toList();
  }
}
