package sh.fazt.mesh.node;

import java.util.function.Consumer;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.gossip.Allowance;
import sh.fazt.mesh.gossip.Broadcast;
import sh.fazt.mesh.gossip.BroadcastId;
import sh.fazt.mesh.gossip.GossipConfig;
import sh.fazt.mesh.gossip.Input;
import sh.fazt.mesh.gossip.MessageLimits;
import sh.fazt.mesh.identity.NodeId;

/**
 * Says what this node's application broadcasts: numbers and signs it, at a pace that all others
 * take. Confined to the mesh thread.
 */
final class Speaking {
  private final Agenda agenda;
  private final Mesh mesh;
  private final Consumer<Input> engine;
  private final Allowance allowance;
  private long session;
  private long seq;

  Speaking(Agenda agenda, Mesh mesh, GossipConfig.Broadcasting limits, Consumer<Input> engine) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.engine = engine;
    this.allowance =
        new Allowance(limits.senderPerSecond() / 2, limits.senderBurst() / 2, agenda.nowMillis());
  }

  /**
   * @throws MeshException TOO_LARGE, TOO_MANY, or what the database refuses the first time
   */
  void say(Bytes payload) {
    if (payload.size() > MessageLimits.BROADCAST_BYTES_MAX) {
      throw new MeshException(
          ErrorCode.TOO_LARGE,
          "a broadcast of "
              + payload.size()
              + " bytes is too large; it may have "
              + MessageLimits.BROADCAST_BYTES_MAX,
          "Write it to a table, and broadcast its key");
    }
    session = session == 0 ? mesh.takeSession() : session;
    if (!allowance.take(agenda.nowMillis())) {
      throw new MeshException(
          ErrorCode.TOO_MANY,
          "too many broadcasts at once; the others take 10 a second, and 50 at once after a rest",
          "Try again in a second");
    }
    seq++;
    BroadcastId id = new BroadcastId(mesh.site(), session, seq);
    long now = Math.max(0, mesh.ambient().now());
    engine.accept(
        new Input.Say(
            Broadcast.sign(new Broadcast.Content(mesh.id(), id, now, payload), mesh.nodeKey())));
  }

  /** What another member says, for the application. */
  NodeMessage heard(Broadcast.Content content) {
    BroadcastId id = content.id();
    NodeId from = NodeId.of(id.site().node());
    String text = from.text() + "/" + id.site().incarnation() + "/" + id.session() + "/" + id.seq();
    String name = Names.of(mesh, id.site().node());
    return new NodeMessage(text, from, name, content.payload(), content.sentMillis());
  }
}
