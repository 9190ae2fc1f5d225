package sh.fazt.mesh.roster;

import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.fuzz.Target;

/** Operations, admission messages and tokens. */
public final class RosterTargets {
  private RosterTargets() {}

  public static List<Target> all() {
    return List.of(
        Target.of("operation", new Signed()),
        Target.of("operation-body", new Body()),
        Target.of("admission", new Admissions()),
        Target.of("token", new Tokens())
            .refusing(MeshException.class)
            .spelled(Target.Spelling.EQUAL));
  }

  private static final class Signed implements Target.Door<SignedOp> {
    @Override
    public SignedOp decode(Bytes input) throws MalformedException {
      return SignedOp.decode(input);
    }

    @Override
    public Bytes encode(SignedOp operation) {
      return operation.encoded();
    }
  }

  /** A kind, then the body, as nobody has signed them. */
  private static final class Body implements Target.Door<Operation> {
    @Override
    public Operation decode(Bytes input) throws MalformedException {
      ByteReader in = new ByteReader(input);
      return Operation.read(in.u8(), in.rest());
    }

    @Override
    public Bytes encode(Operation operation) {
      ByteWriter out = new ByteWriter().u8(operation.kind());
      operation.writeTo(out);
      return out.toBytes();
    }
  }

  private static final class Admissions implements Target.Door<AdmissionMessage> {
    @Override
    public AdmissionMessage decode(Bytes input) throws MalformedException {
      return AdmissionMessage.decode(input);
    }

    @Override
    public Bytes encode(AdmissionMessage message) {
      return message.toFrame();
    }
  }

  private static final class Tokens implements Target.Door<InviteToken> {
    @Override
    public InviteToken decode(Bytes input) {
      return InviteToken.parse(input.asUtf8());
    }

    @Override
    public Bytes encode(InviteToken token) {
      return Bytes.utf8(token.text());
    }
  }
}
