package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/** What one signed operation does to the membership; who did it, the signature says. */
public sealed interface Operation
    permits Operation.Found,
        Operation.Invite,
        Operation.Add,
        Operation.Leave,
        Operation.Revoke,
        Operation.Unknown,
        ChangeRole,
        ChooseMerge,
        Remove,
        Retire,
        Rotate {
  /** The number that stands for it on the wire. */
  int kind();

  /** Appends the body. */
  void writeTo(ByteWriter out);

  /**
   * Begins a mesh, whose id is this operation's hash; its node is the first member. Signed by the
   * persona.
   *
   * @param nonce 16 random bytes, so that no two meshes are one
   * @param recovery the hash of the recovery key that may one day {@link Rotate} the persona's, or
   *     {@link Hash#ZERO}
   * @param createdAtMillis Unix milliseconds
   */
  record Found(
      Bytes nonce,
      VerifyKey persona,
      String personaName,
      VerifyKey node,
      String nodeName,
      Hash recovery,
      long createdAtMillis)
      implements Operation {
    static final int KIND = 1;
    static final int NONCE_BYTES = 16;

    public Found {
      if (nonce.size() != NONCE_BYTES) {
        throw new IllegalArgumentException("a founding nonce has 16 bytes: " + nonce.size());
      }
      Printable.require("persona name", personaName, RosterLimits.NAME_BYTES_MAX);
      Printable.require("node name", nodeName, RosterLimits.NAME_BYTES_MAX);
    }

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.raw(nonce).raw(persona.value()).text(personaName).raw(node.value()).text(nodeName);
      out.raw(recovery.value()).u64(createdAtMillis);
    }

    static Found readFrom(ByteReader in) throws MalformedException {
      return new Found(
          in.fixed(NONCE_BYTES),
          VerifyKey.readFrom(in),
          in.text(RosterLimits.NAME_BYTES_MAX),
          VerifyKey.readFrom(in),
          in.text(RosterLimits.NAME_BYTES_MAX),
          Hash.readFrom(in),
          in.u64());
    }
  }

  /**
   * Allows one node in. Signed by a persona that owns a full member.
   *
   * @param key the public half of the key that the token's holder derives
   * @param expiresAtMillis Unix milliseconds, by the clock of the server that is asked
   * @param role what the node may do once admitted
   */
  record Invite(InviteId id, VerifyKey key, long expiresAtMillis, Role role) implements Operation {
    static final int KIND = 2;

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.raw(id.value()).raw(key.value()).u64(expiresAtMillis).u8(role.code());
    }

    static Invite readFrom(ByteReader in) throws MalformedException {
      return new Invite(
          InviteId.readFrom(in), VerifyKey.readFrom(in), in.u64(), Role.ofCode(in.u8()));
    }
  }

  /**
   * Makes a node a member. Signed by the node key of the full member that it was proven to.
   *
   * @param invite the hash of the invitation's operation
   * @param proof by the invitation's key over the {@link JoinTranscript}
   */
  record Add(Hash invite, Applicant applicant, Nonces nonces, Bytes proof) implements Operation {
    static final int KIND = 3;

    public Add {
      if (proof.size() != SigningKey.SIGNATURE_SIZE) {
        throw new IllegalArgumentException("a proof has 64 bytes: " + proof.size());
      }
    }

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.raw(invite.value());
      applicant.writeTo(out);
      nonces.writeTo(out);
      out.raw(proof);
    }

    static Add readFrom(ByteReader in) throws MalformedException {
      return new Add(
          Hash.readFrom(in),
          Applicant.readFrom(in),
          Nonces.readFrom(in),
          in.fixed(SigningKey.SIGNATURE_SIZE));
    }
  }

  /** The node that signs it goes. */
  record Leave() implements Operation {
    static final int KIND = 4;

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public void writeTo(ByteWriter out) {}
  }

  /** Takes an invitation back. Signed by the persona that made it. */
  record Revoke(InviteId invite) implements Operation {
    static final int KIND = 5;

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.raw(invite.value());
    }
  }

  /** An operation of a later version: kept and passed on, without effect here. */
  record Unknown(int kind, Bytes body) implements Operation {
    @Override
    public void writeTo(ByteWriter out) {
      out.raw(body);
    }
  }

  /**
   * Reads the body of an operation of {@code kind}, to its end.
   *
   * @throws MalformedException if it breaks the format
   */
  static Operation read(int kind, Bytes body) throws MalformedException {
    ByteReader in = new ByteReader(body);
    try {
      Operation operation =
          switch (kind) {
            case Found.KIND -> Found.readFrom(in);
            case Invite.KIND -> Invite.readFrom(in);
            case Add.KIND -> Add.readFrom(in);
            case Leave.KIND -> new Leave();
            case Revoke.KIND -> new Revoke(InviteId.readFrom(in));
            case ChangeRole.KIND -> ChangeRole.readFrom(in);
            case Remove.KIND -> Remove.readFrom(in);
            case Retire.KIND -> Retire.readFrom(in);
            case Rotate.KIND -> Rotate.readFrom(in);
            case ChooseMerge.KIND -> ChooseMerge.readFrom(in);
            default -> new Unknown(kind, in.rest());
          };
      in.end();
      return operation;
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
  }
}
