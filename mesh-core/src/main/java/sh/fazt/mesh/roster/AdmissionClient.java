package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * The joiner's side of one admission exchange on one link. It believes an acceptance only if the
 * roster that comes with it makes the server a full member, and after a join the joiner one too.
 * Confined to one thread.
 */
public final class AdmissionClient {
  private final InviteToken token;
  private final Purpose purpose;
  private final Applicant applicant;
  private final VerifyKey server;
  private final Bytes nonce;
  private final List<SignedOp> operations = new ArrayList<>();
  private @Nullable MeshId mesh;
  private long clockAheadMillis;
  private Optional<Admission> outcome = Optional.empty();

  /**
   * @param server the key that the link's other end proved to hold
   * @throws IllegalArgumentException if the token pins another server
   */
  public AdmissionClient(
      InviteToken token, Purpose purpose, Applicant applicant, VerifyKey server, Chance chance) {
    if (!token.server().matches(server)) {
      throw new IllegalArgumentException("the token is for another server than " + server);
    }
    this.token = token;
    this.purpose = purpose;
    this.applicant = applicant;
    this.server = server;
    this.nonce = chance.bytes(RosterLimits.NONCE_BYTES);
  }

  /** What to say first. */
  public AdmissionMessage hello() {
    return new AdmissionMessage.Hello(token.invite(), nonce, applicant);
  }

  /**
   * Takes one message in, up to the acceptance; what follows one, a {@link PreviewMessage}, is not
   * for here.
   *
   * @return what to answer, if anything
   * @throws MeshException if the server refuses, with the ground that it gives
   * @throws MalformedException if no honest server would say that now
   */
  public Optional<AdmissionMessage> on(AdmissionMessage message, long nowMillis)
      throws MalformedException {
    if (message instanceof AdmissionMessage.Refused refused) {
      throw refusal(refused, nowMillis);
    } else if (mesh == null && message instanceof AdmissionMessage.Challenge challenge) {
      return Optional.of(prove(challenge, nowMillis));
    } else if (mesh != null && message instanceof AdmissionMessage.Operations part) {
      collect(part);
      return Optional.empty();
    } else if (mesh != null && outcome.isEmpty() && message instanceof AdmissionMessage.Accepted) {
      outcome = Optional.of(conclude(mesh));
      return Optional.empty();
    }
    throw new MalformedException("out of turn: " + message.getClass().getSimpleName());
  }

  /** What the server gave, once it accepted. */
  public Optional<Admission> outcome() {
    return outcome;
  }

  private AdmissionMessage prove(AdmissionMessage.Challenge challenge, long nowMillis) {
    if (!token.isFor(challenge.mesh())) {
      throw new MeshException(
          ErrorCode.TOKEN_UNKNOWN,
          "the token is for another mesh than the server's " + challenge.mesh(),
          "on the inviting machine: fazt mesh invite");
    }
    mesh = challenge.mesh();
    clockAheadMillis = challenge.clockMillis() - nowMillis;
    Nonces nonces = new Nonces(challenge.nonce(), nonce);
    JoinTranscript transcript =
        new JoinTranscript(purpose, challenge.mesh(), token.invite(), server, applicant, nonces);
    return new AdmissionMessage.Proof(purpose, transcript.sign(token.proofKey()));
  }

  private void collect(AdmissionMessage.Operations part) throws MalformedException {
    if (operations.size() + part.encoded().size() > RosterLimits.OPERATIONS_MAX) {
      throw new MalformedException("a roster over " + RosterLimits.OPERATIONS_MAX + " operations");
    }
    for (Bytes encoded : part.encoded()) {
      operations.add(SignedOp.decode(encoded));
    }
  }

  private Admission conclude(MeshId joined) throws MalformedException {
    Roster roster = Roster.fold(joined, operations);
    if (!roster.admits(server, Role.FULL)) {
      throw new MalformedException("a roster in which the server is no full member");
    }
    if (purpose == Purpose.JOIN && !roster.admits(applicant.node())) {
      throw new MalformedException("accepted, with a roster that does not say so");
    }
    Member inviter = roster.member(server).orElseThrow();
    return new Admission(roster, inviter, clockAheadMillis);
  }

  private MeshException refusal(AdmissionMessage.Refused refused, long nowMillis) {
    String message = refused.message();
    if (refused.code() == ErrorCode.TOKEN_EXPIRED) {
      message += "; " + comparison(refused.clockMillis() - nowMillis);
    }
    String remedy =
        switch (refused.code()) {
          case VERSION_MISMATCH -> "Update fazt on both machines";
          case REMOVED -> "fazt mesh leave";
          case TOO_MANY -> "Try again in half a minute; the token is still good";
          case NAME_TAKEN -> "Choose another name with --name; the token is still good";
          default -> "on the inviting machine: fazt mesh invite";
        };
    return new MeshException(refused.code(), message, remedy);
  }

  private static String comparison(long aheadMillis) {
    if (Math.abs(aheadMillis) < 1_000) {
      return "this machine's clock agrees";
    }
    String span = Span.text(Math.abs(aheadMillis));
    return "this machine is " + span + (aheadMillis > 0 ? " behind" : " ahead");
  }
}
