package sh.fazt.mesh.delta;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * What a member says that its tables show, to be passed on by others: so two that never meet know
 * what the other has.
 *
 * @param atMillis when it was signed, by the node's clock, Unix milliseconds; the latest counts
 * @param shown of each site the last batch that is stored and shown there
 * @param signature the node's, over the mesh's id and all before it, for the context {@value
 *     #CONTEXT}
 */
public record Acknowledgement(VerifyKey node, long atMillis, Summary shown, Bytes signature) {
  static final String CONTEXT = "ack";

  public Acknowledgement {
    if (atMillis < 0 || signature.size() != SigningKey.SIGNATURE_SIZE) {
      throw new IllegalArgumentException("of the time " + atMillis + ", signed " + signature);
    }
  }

  public static Acknowledgement sign(MeshId mesh, SigningKey node, long atMillis, Summary shown) {
    Bytes signed = signed(mesh, node.verifyKey(), atMillis, shown);
    return new Acknowledgement(node.verifyKey(), atMillis, shown, node.sign(CONTEXT, signed));
  }

  /** Whether the node itself has said so in this mesh. */
  public boolean isTrue(MeshId mesh) {
    return node.verifies(CONTEXT, signed(mesh, node, atMillis, shown), signature);
  }

  private static Bytes signed(MeshId mesh, VerifyKey node, long atMillis, Summary shown) {
    ByteWriter out = new ByteWriter().raw(mesh.founding().value());
    writeTo(out, node, atMillis, shown);
    return out.toBytes();
  }

  private static void writeTo(ByteWriter out, VerifyKey node, long atMillis, Summary shown) {
    shown.writeTo(out.raw(node.value()).u64(atMillis));
  }

  /** Node, time (u64), summary, signature. */
  public void writeTo(ByteWriter out) {
    writeTo(out, node, atMillis, shown);
    out.raw(signature);
  }

  public static Acknowledgement readFrom(ByteReader in) throws MalformedException {
    VerifyKey node = VerifyKey.readFrom(in);
    long at = in.u64();
    Summary shown = Summary.readFrom(in);
    if (at < 0) {
      throw new MalformedException("an acknowledgement of the time " + at);
    }
    return new Acknowledgement(node, at, shown, in.fixed(SigningKey.SIGNATURE_SIZE));
  }
}
