package sh.fazt.mesh.commands;

import java.util.List;
import sh.fazt.mesh.Recovery;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.SignedOp;

/** The replacement of a persona's key as JSON. */
final class RecoveryDocument {
  private RecoveryDocument() {}

  static Json.Obj of(Recovery recovery) {
    return Json.object()
        .with("name", recovery.name())
        .with("public_key", recovery.persona().value().hex())
        .with("kept", nodes(recovery.kept()))
        .with("removed", nodes(recovery.removed()));
  }

  private static Json nodes(List<Member> members) {
    return Json.array(
        members.stream()
            .map(member -> Json.object().with("id", member.id().text()).with("name", member.name()))
            .toList());
  }

  /** The operation that {@link Replicas#rotation} has signed. */
  static SignedOp operation(Json.Obj params) {
    try {
      return SignedOp.decode(Bytes.fromHex(params.text("operation")));
    } catch (MalformedException | IllegalArgumentException e) {
      throw new MeshException(
          ErrorCode.USAGE, "no operation: " + e.getMessage(), "fazt mesh recover", e);
    }
  }
}
