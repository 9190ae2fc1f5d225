package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;

/**
 * A message between a joiner and the server that it asks: one frame, whose first byte, 0x40 to
 * 0x5f, names its type. {@link PreviewMessage} has the rest of them.
 */
public sealed interface AdmissionMessage
    permits AdmissionMessage.Hello,
        AdmissionMessage.OtherProtocol,
        AdmissionMessage.Challenge,
        AdmissionMessage.Proof,
        AdmissionMessage.Operations,
        AdmissionMessage.Accepted,
        AdmissionMessage.Refused,
        PreviewMessage {
  /** The version of the mesh protocol. */
  int PROTOCOL = 1;

  /** The types of admission messages, first and last. */
  int TYPE_MIN = 0x40;

  int TYPE_MAX = 0x5f;

  /** The first byte of its frame. */
  int type();

  /** Appends what follows the first byte. */
  void writeTo(ByteWriter out);

  /** The whole frame, its type first. */
  default Bytes toFrame() {
    ByteWriter out = new ByteWriter().u8(type());
    writeTo(out);
    return out.toBytes();
  }

  /**
   * Reads a frame.
   *
   * @throws MalformedException if it is no admission message or breaks its format
   */
  static AdmissionMessage decode(Bytes frame) throws MalformedException {
    ByteReader in = new ByteReader(frame);
    int type = in.u8();
    try {
      AdmissionMessage message =
          switch (type) {
            case Hello.TYPE -> Hello.readFrom(in);
            case Challenge.TYPE -> Challenge.readFrom(in);
            case Proof.TYPE -> Proof.readFrom(in);
            case Operations.TYPE -> Operations.readFrom(in);
            case Accepted.TYPE -> new Accepted();
            case Refused.TYPE -> Refused.readFrom(in);
            default -> PreviewMessage.read(type, in);
          };
      in.end();
      return message;
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The joiner's first: who asks, by which invitation. */
  record Hello(InviteId invite, Bytes nonce, Applicant applicant) implements AdmissionMessage {
    static final int TYPE = 0x40;

    public Hello {
      Nonces.require(nonce);
    }

    @Override
    public int type() {
      return TYPE;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(PROTOCOL).raw(invite.value()).raw(nonce);
      applicant.writeTo(out);
    }

    static AdmissionMessage readFrom(ByteReader in) throws MalformedException {
      int protocol = in.u8();
      if (protocol != PROTOCOL) {
        return new OtherProtocol(protocol, in.rest());
      }
      return new Hello(
          InviteId.readFrom(in), in.fixed(RosterLimits.NONCE_BYTES), Applicant.readFrom(in));
    }
  }

  /** The hello of a joiner that speaks another version. */
  record OtherProtocol(int protocol, Bytes body) implements AdmissionMessage {
    @Override
    public int type() {
      return Hello.TYPE;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(protocol).raw(body);
    }
  }

  /**
   * The server's answer to a hello, the same for every invitation, known or not.
   *
   * @param clockMillis the server's clock, Unix milliseconds
   */
  record Challenge(MeshId mesh, Bytes nonce, long clockMillis) implements AdmissionMessage {
    static final int TYPE = 0x41;

    public Challenge {
      Nonces.require(nonce);
    }

    @Override
    public int type() {
      return TYPE;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.raw(mesh.founding().value()).raw(nonce).u64(clockMillis);
    }

    static Challenge readFrom(ByteReader in) throws MalformedException {
      return new Challenge(MeshId.readFrom(in), in.fixed(RosterLimits.NONCE_BYTES), in.u64());
    }
  }

  /** The joiner's proof that it holds the token: a signature over the {@link JoinTranscript}. */
  record Proof(Purpose purpose, Bytes signature) implements AdmissionMessage {
    static final int TYPE = 0x42;

    public Proof {
      if (signature.size() != SigningKey.SIGNATURE_SIZE) {
        throw new IllegalArgumentException("a proof has 64 bytes: " + signature.size());
      }
    }

    @Override
    public int type() {
      return TYPE;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(purpose.code()).raw(signature);
    }

    static Proof readFrom(ByteReader in) throws MalformedException {
      return new Proof(Purpose.ofCode(in.u8()), in.fixed(SigningKey.SIGNATURE_SIZE));
    }
  }

  /** Part of the server's roster, encoded operations in causal order; comes before an accepted. */
  record Operations(List<Bytes> encoded) implements AdmissionMessage {
    static final int TYPE = 0x43;

    public Operations {
      encoded = List.copyOf(encoded);
    }

    @Override
    public int type() {
      return TYPE;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.varint(encoded.size());
      encoded.forEach(out::bytes);
    }

    static Operations readFrom(ByteReader in) throws MalformedException {
      int count = in.count("operations", RosterLimits.OPERATIONS_MAX);
      List<Bytes> encoded = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        encoded.add(in.bytes(RosterLimits.OPERATION_BYTES_MAX));
      }
      return new Operations(encoded);
    }
  }

  /** The proof holds: the joiner is a member now, or a preview follows. */
  record Accepted() implements AdmissionMessage {
    static final int TYPE = 0x44;

    @Override
    public int type() {
      return TYPE;
    }

    @Override
    public void writeTo(ByteWriter out) {}
  }

  /**
   * The joiner stays outside; the server closes the link after it.
   *
   * @param code TOKEN_UNKNOWN, TOKEN_EXPIRED, NOT_A_MEMBER, VERSION_MISMATCH, FAILURE, NAME_TAKEN
   *     or REMOVED
   * @param clockMillis the server's clock, Unix milliseconds
   */
  record Refused(ErrorCode code, String message, long clockMillis) implements AdmissionMessage {
    static final int TYPE = 0x45;

    private static final List<ErrorCode> CODES =
        List.of(
            ErrorCode.TOKEN_UNKNOWN,
            ErrorCode.TOKEN_EXPIRED,
            ErrorCode.NOT_A_MEMBER,
            ErrorCode.VERSION_MISMATCH,
            ErrorCode.FAILURE,
            ErrorCode.NAME_TAKEN,
            ErrorCode.REMOVED,
            ErrorCode.TOO_MANY);

    public Refused {
      if (!CODES.contains(code)) {
        throw new IllegalArgumentException("no ground for a refusal: " + code);
      }
      Printable.require("refusal", message, RosterLimits.MESSAGE_BYTES_MAX);
    }

    @Override
    public int type() {
      return TYPE;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(CODES.indexOf(code) + 1).text(message).u64(clockMillis);
    }

    static Refused readFrom(ByteReader in) throws MalformedException {
      int code = in.u8();
      if (code < 1 || code > CODES.size()) {
        throw new MalformedException("no such refusal: " + code);
      }
      return new Refused(CODES.get(code - 1), in.text(RosterLimits.MESSAGE_BYTES_MAX), in.u64());
    }
  }
}
