package sh.fazt.mesh.node;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.netty.LinkServer;
import sh.fazt.mesh.netty.Links;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.roster.Member;

/**
 * A node's open port.
 *
 * @param address with the port that is really listened on
 */
record Listening(LinkServer server, ListenAddress address) {
  private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

  /**
   * Listens where the configuration says, else where init or join was told, else on the usual port.
   *
   * @throws MeshException PORT_IN_USE, unless nobody chose the port and nobody was promised it
   */
  static Listening open(NodeConfig config, Mesh mesh, Links network, LinkListener listener) {
    Optional<String> chosen = config.listen().or(() -> mesh.view().listen());
    ListenAddress wanted = ListenAddress.parse(chosen.orElse(NodeConfig.LISTEN_DEFAULT));
    LinkServer server;
    try {
      server = network.listen(wanted, listener);
    } catch (MeshException e) {
      // A node that was invited can call the others, so it does without the usual port.
      Member founder = mesh.membership().roster().members().get(0);
      boolean invited = !founder.node().equals(mesh.nodeKey().verifyKey());
      if (chosen.isPresent() || !invited || e.code() != ErrorCode.PORT_IN_USE) {
        throw e;
      }
      LOG.warn("port {} is taken; listening on any free one", wanted.port());
      server = network.listen(new ListenAddress(wanted.host(), 0), listener);
    }
    return new Listening(server, new ListenAddress(wanted.host(), server.port()));
  }
}
