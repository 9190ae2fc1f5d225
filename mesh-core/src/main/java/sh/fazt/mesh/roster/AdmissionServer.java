package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * The server's side of one admission exchange on one link: hello, challenge, proof, then accepted
 * or refused. Nothing about an invitation is told before its proof. Confined to the mesh thread.
 */
public final class AdmissionServer {
  private final SigningKey node;
  private final VerifyKey peer;
  private final InviteBook book;
  private final Chance chance;
  private AdmissionMessage.@Nullable Hello hello;
  private Bytes nonce = Bytes.EMPTY;
  private boolean over;

  /**
   * @param node this server's key
   * @param peer the key that the link's other end proved to hold
   */
  public AdmissionServer(SigningKey node, VerifyKey peer, InviteBook book, Chance chance) {
    this.node = node;
    this.peer = peer;
    this.book = book;
    this.chance = chance;
  }

  /**
   * Takes one message in.
   *
   * @param roster as it is now
   * @throws MalformedException if no honest joiner would say that now
   */
  public List<AdmissionStep> on(AdmissionMessage message, Roster roster, long nowMillis)
      throws MalformedException {
    if (over) {
      throw new MalformedException("the admission is over");
    }
    if (hello == null && message instanceof AdmissionMessage.Hello said) {
      return challenge(said, roster, nowMillis);
    }
    if (hello == null && message instanceof AdmissionMessage.OtherProtocol other) {
      String text = "the inviting node speaks protocol %s, this machine %s";
      return refuse(
          ErrorCode.VERSION_MISMATCH,
          text.formatted(AdmissionMessage.PROTOCOL, other.protocol()),
          nowMillis);
    }
    if (hello != null && message instanceof AdmissionMessage.Proof proof) {
      over = true;
      return judge(hello, proof, roster, nowMillis);
    }
    throw new MalformedException("out of turn: " + message.getClass().getSimpleName());
  }

  private List<AdmissionStep> challenge(AdmissionMessage.Hello said, Roster roster, long nowMillis)
      throws MalformedException {
    if (!said.applicant().node().equals(peer)) {
      throw new MalformedException("asks for another node than the link's " + peer);
    }
    hello = said;
    nonce = chance.bytes(RosterLimits.NONCE_BYTES);
    return List.of(
        new AdmissionStep.Reply(new AdmissionMessage.Challenge(roster.mesh(), nonce, nowMillis)));
  }

  private List<AdmissionStep> judge(
      AdmissionMessage.Hello said, AdmissionMessage.Proof proof, Roster roster, long nowMillis) {
    Optional<Invitation> known = roster.invitation(said.invite());
    if (known.isEmpty()) {
      return unknown(nowMillis);
    }
    Invitation invitation = known.get();
    Nonces nonces = new Nonces(nonce, said.nonce());
    JoinTranscript transcript =
        new JoinTranscript(
            proof.purpose(),
            roster.mesh(),
            said.invite(),
            node.verifyKey(),
            said.applicant(),
            nonces);
    if (!transcript.proves(invitation.terms().key(), proof.signature())) {
      book.badProof(said.invite());
      return unknown(nowMillis);
    }
    if (!roster.admits(node.verifyKey(), Role.FULL)) {
      return refuse(
          ErrorCode.NOT_A_MEMBER,
          "the inviting node is no full member and cannot admit",
          nowMillis);
    }
    if (roster.hasRemoved(peer)) {
      return refuse(ErrorCode.REMOVED, "this node was removed from the mesh, for good", nowMillis);
    }
    if (roster.admits(peer)) {
      return accept(roster, proof.purpose());
    }
    return redeem(transcript, invitation, proof, new Ask(roster, nowMillis));
  }

  /** The circumstances of a request. */
  private record Ask(Roster roster, long nowMillis) {}

  private List<AdmissionStep> redeem(
      JoinTranscript transcript, Invitation invitation, AdmissionMessage.Proof proof, Ask ask) {
    InviteBook.Standing standing = standing(invitation, transcript.invite(), ask);
    String name = transcript.applicant().nodeName();
    // Who holds no good invitation does not learn which names there are.
    if (isGood(standing) && ask.roster().hasNamed(name)) {
      return taken(name, ask.nowMillis());
    }
    boolean joins = proof.purpose() == Purpose.JOIN;
    if (isGood(standing) && joins) {
      standing = book.spend(transcript.invite(), peer, ask.nowMillis());
    }
    if (standing == InviteBook.Standing.EXPIRED) {
      return expired(invitation, ask);
    }
    if (standing == InviteBook.Standing.CLOSED) {
      return unknown(ask.nowMillis());
    }
    return joins
        ? admit(transcript, invitation, proof, ask)
        : accept(ask.roster(), Purpose.PREVIEW);
  }

  private InviteBook.Standing standing(Invitation invitation, InviteId invite, Ask ask) {
    return invitation.state() == Invitation.State.OPEN
        ? book.standing(invite, peer, ask.nowMillis())
        : InviteBook.Standing.CLOSED;
  }

  private static boolean isGood(InviteBook.Standing standing) {
    return standing == InviteBook.Standing.OPEN || standing == InviteBook.Standing.REPEATED;
  }

  private List<AdmissionStep> admit(
      JoinTranscript transcript, Invitation invitation, AdmissionMessage.Proof proof, Ask ask) {
    SignedOp add =
        ask.roster()
            .next(
                new Operation.Add(
                    invitation.operation(),
                    transcript.applicant(),
                    transcript.nonces(),
                    proof.signature()),
                node);
    Roster grown = ask.roster().with(add);
    if (!grown.admits(peer)) {
      throw new IllegalStateException("our own " + add + " has no effect");
    }
    List<AdmissionStep> steps = new ArrayList<>(List.of(new AdmissionStep.Admit(add)));
    steps.addAll(accept(grown, Purpose.JOIN));
    return steps;
  }

  private static List<AdmissionStep> accept(Roster roster, Purpose purpose) {
    List<AdmissionStep> steps = new ArrayList<>();
    List<Bytes> part = new ArrayList<>();
    int bytes = 0;
    for (SignedOp operation : roster.operations()) {
      if (bytes + operation.encoded().size() > RosterLimits.CHUNK_BYTES_MAX) {
        steps.add(new AdmissionStep.Reply(new AdmissionMessage.Operations(part)));
        part.clear();
        bytes = 0;
      }
      part.add(operation.encoded());
      bytes += operation.encoded().size();
    }
    steps.add(new AdmissionStep.Reply(new AdmissionMessage.Operations(part)));
    steps.add(new AdmissionStep.Reply(new AdmissionMessage.Accepted()));
    if (purpose == Purpose.PREVIEW) {
      steps.add(new AdmissionStep.Show());
    }
    return steps;
  }

  private List<AdmissionStep> unknown(long nowMillis) {
    return refuse(
        ErrorCode.TOKEN_UNKNOWN,
        "the inviting node does not know this token: it was used, revoked or is of another mesh",
        nowMillis);
  }

  private List<AdmissionStep> taken(String name, long nowMillis) {
    return refuse(
        ErrorCode.NAME_TAKEN, "a node of this mesh is called " + name + " already", nowMillis);
  }

  private List<AdmissionStep> expired(Invitation invitation, Ask ask) {
    String name =
        ask.roster().member(node.verifyKey()).map(Member::name).orElse("the inviting node");
    long agoMillis = ask.nowMillis() - invitation.terms().expiresAtMillis();
    return refuse(
        ErrorCode.TOKEN_EXPIRED,
        "the token expired %s ago by the clock of %s".formatted(Span.text(agoMillis), name),
        ask.nowMillis());
  }

  private List<AdmissionStep> refuse(ErrorCode code, String message, long nowMillis) {
    over = true;
    return List.of(
        new AdmissionStep.Reply(new AdmissionMessage.Refused(code, message, nowMillis)),
        new AdmissionStep.Close());
  }
}
