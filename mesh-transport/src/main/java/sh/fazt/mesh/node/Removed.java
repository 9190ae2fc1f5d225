package sh.fazt.mesh.node;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.gossip.MessageLimits;
import sh.fazt.mesh.gossip.Refuse;
import sh.fazt.mesh.gossip.RosterOps;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.roster.SignedOp;

/** Nodes that were removed: what they are told, and what one says of itself. */
public final class Removed {
  private Removed() {}

  /** What a person should know of a node that was removed, if it was. */
  public static Optional<MeshException> fault(Roster roster, VerifyKey node) {
    return roster.hasRemoved(node) ? Optional.of(fault(roster.removerOf(node))) : Optional.empty();
  }

  private static MeshException fault(Optional<String> remover) {
    return new MeshException(
        ErrorCode.REMOVED,
        remover.orElse("somebody")
            + " has removed this node from the mesh, for good; your data stays here, and nothing"
            + " is sent or received any more",
        "fazt mesh leave");
  }

  static Optional<MeshException> fault(Mesh mesh) {
    return fault(mesh.membership().roster(), mesh.nodeKey().verifyKey());
  }

  /** Tells the node at the other end that it was removed, with the proof where that is short. */
  static void tell(MeshLink link, Roster roster) {
    List<Bytes> proof = roster.proofOfRemoval(link.peer()).stream().map(SignedOp::encoded).toList();
    int bytes = proof.stream().mapToInt(Bytes::size).sum();
    if (proof.size() <= MessageLimits.ROSTER_OPS_MAX && bytes <= MessageLimits.ROSTER_BYTES_MAX) {
      link.send(MessageCodec.encode(new RosterOps(proof)));
    }
    String why = "this node was removed from the mesh";
    link.send(MessageCodec.encode(new Refuse(ErrorCode.REMOVED.name(), why)));
  }
}
