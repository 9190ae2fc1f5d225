package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * One operation in the hash DAG of a mesh's membership. If it exists, its signature was checked;
 * whether its signer was allowed to, {@link Roster} decides. Immutable, equal by its bytes.
 *
 * <p>Bytes: version 1, kind, mesh id (absent in found), count of parents and their hashes in
 * ascending order, length and body, signer's key, signature over all before it with the context
 * {@value #CONTEXT}. Its hash is the SHA-256 of all of these.
 */
public final class SignedOp {
  static final String CONTEXT = "roster";

  private static final int VERSION = 1;

  private final Bytes encoded;
  private final Hash hash;
  private final Content content;

  /** What the signature covers. */
  private record Content(MeshId mesh, List<Hash> parents, Operation operation, VerifyKey signer) {}

  private SignedOp(Bytes encoded, Hash hash, Content content) {
    this.encoded = encoded;
    this.hash = hash;
    this.content = content;
  }

  /** The operation that begins a mesh. */
  public static SignedOp found(Operation.Found founding, SigningKey persona) {
    ByteWriter out = new ByteWriter().u8(VERSION).u8(founding.kind());
    return seal(out, List.of(), founding, persona);
  }

  /**
   * @param parents the operations that it follows, 1 to 32
   */
  static SignedOp sign(
      MeshId mesh, Collection<Hash> parents, Operation operation, SigningKey signer) {
    ByteWriter out = new ByteWriter().u8(VERSION).u8(operation.kind());
    out.raw(mesh.founding().value());
    return seal(out, new TreeSet<>(parents), operation, signer);
  }

  private static SignedOp seal(
      ByteWriter out, Collection<Hash> parents, Operation operation, SigningKey signer) {
    out.varint(parents.size());
    parents.forEach(parent -> out.raw(parent.value()));
    ByteWriter body = new ByteWriter();
    operation.writeTo(body);
    out.bytes(body.toBytes()).raw(signer.verifyKey().value());
    out.raw(signer.sign(CONTEXT, out.toBytes()));
    try {
      return decode(out.toBytes());
    } catch (MalformedException e) {
      throw new IllegalStateException("our own operation does not read back", e);
    }
  }

  /**
   * Reads an operation and checks its signature.
   *
   * @throws MalformedException if the bytes break the format or were not signed by their signer
   */
  public static SignedOp decode(Bytes encoded) throws MalformedException {
    if (encoded.size() > RosterLimits.OPERATION_BYTES_MAX) {
      throw new MalformedException("operation of " + encoded.size() + " bytes");
    }
    ByteReader in = new ByteReader(encoded);
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedException("operation of version " + version);
    }
    Hash hash = Hash.of(encoded);
    int kind = in.u8();
    boolean founds = kind == Operation.Found.KIND;
    MeshId mesh = founds ? new MeshId(hash) : MeshId.readFrom(in);
    List<Hash> parents = readParents(in);
    if (founds != parents.isEmpty()) {
      throw new MalformedException(
          "operation of kind " + kind + " with " + parents.size() + " parents");
    }
    Operation operation = Operation.read(kind, in.bytes(RosterLimits.OPERATION_BYTES_MAX));
    VerifyKey signer = VerifyKey.readFrom(in);
    Bytes signed = encoded.slice(0, in.position());
    Bytes signature = in.fixed(SigningKey.SIGNATURE_SIZE);
    in.end();
    if (!signer.verifies(CONTEXT, signed, signature)) {
      throw new MalformedException("operation " + hash + " was not signed by " + signer);
    }
    return new SignedOp(encoded, hash, new Content(mesh, parents, operation, signer));
  }

  private static List<Hash> readParents(ByteReader in) throws MalformedException {
    int count = in.count("parents", RosterLimits.PARENTS_MAX);
    List<Hash> parents = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Hash parent = Hash.readFrom(in);
      if (i > 0 && parents.get(i - 1).compareTo(parent) >= 0) {
        throw new MalformedException("parents out of order: " + parent);
      }
      parents.add(parent);
    }
    return List.copyOf(parents);
  }

  /** The bytes to store and to pass on, verbatim. */
  public Bytes encoded() {
    return encoded;
  }

  public Hash hash() {
    return hash;
  }

  public MeshId mesh() {
    return content.mesh();
  }

  public Operation operation() {
    return content.operation();
  }

  public VerifyKey signer() {
    return content.signer();
  }

  /** The operations that must be known before this one means anything. */
  public List<Hash> needs() {
    if (operation() instanceof Operation.Add add && !content.parents().contains(add.invite())) {
      List<Hash> needs = new ArrayList<>(content.parents());
      needs.add(add.invite());
      return needs;
    }
    return content.parents();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedOp that && hash.equals(that.hash);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  @Override
  public String toString() {
    return operation().getClass().getSimpleName() + " " + hash + " by " + signer();
  }
}
