package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

final class AdmissionTest {
  private static final long NOW_MILLIS = 1_750_000_000_000L;
  private static final long EXPIRES_AT_MILLIS = NOW_MILLIS + 900_000;

  private final Cast cast = new Cast(6);
  private final Cast.Person amy = cast.person("amy");
  private final Cast.Person bob = cast.person("bob");
  private final PaperBook book = new PaperBook();
  private InviteToken token = cast.token(cast.jay);
  private final List<AdmissionStep> steps = new ArrayList<>();
  private Roster roster = cast.roster();
  private long serverMillis = NOW_MILLIS;

  @BeforeEach
  void invite() {
    roster =
        roster.with(roster.next(token.terms(EXPIRES_AT_MILLIS, Role.FULL), cast.jay.persona()));
    book.write(token.invite(), EXPIRES_AT_MILLIS);
  }

  @Test
  void whoHoldsTheTokenBecomesAMember() throws Exception {
    Admission admission = ask(Purpose.JOIN, amy);
    assertThat(roster.admits(amy.node().verifyKey())).isTrue();
    assertThat(admission.roster()).isEqualTo(roster);
    assertThat(admission.roster().mesh()).isEqualTo(cast.mesh);
    assertThat(admission.inviter().name()).isEqualTo("vps");
    assertThat(admission.clockAheadMillis()).isZero();
    assertThat(roster.ignored()).isEmpty();
  }

  @Test
  void whoWasRemovedIsToldSoAndSpendsNothing() throws Exception {
    ask(Purpose.JOIN, amy);
    roster = roster.with(cast.remove(roster, cast.jay, amy));
    token = cast.token(cast.jay);
    invite();
    assertThat(refusal(Purpose.JOIN, amy).code()).isEqualTo(ErrorCode.REMOVED);
    assertThat(book.spent(token.invite())).isFalse();
  }

  @Test
  void aPreviewIsShownAndSpendsNothing() throws Exception {
    ask(Purpose.PREVIEW, amy);
    assertThat(steps.get(steps.size() - 1)).isInstanceOf(AdmissionStep.Show.class);
    assertThat(roster.admits(amy.node().verifyKey())).isFalse();
    assertThat(book.spent(token.invite())).isFalse();
    ask(Purpose.JOIN, amy);
    assertThat(roster.admits(amy.node().verifyKey())).isTrue();
  }

  @Test
  void aLostAnswerIsGivenAgainToTheSameNodeAlone() throws Exception {
    ask(Purpose.JOIN, amy);
    int operations = roster.operations().size();
    serverMillis = EXPIRES_AT_MILLIS + 1;
    ask(Purpose.JOIN, amy);
    assertThat(roster.operations()).hasSize(operations);
    assertThat(refusal(Purpose.JOIN, bob).code()).isEqualTo(ErrorCode.TOKEN_UNKNOWN);
  }

  @Test
  void anInvitationSpentBeforeACrashIsHonoured() throws Exception {
    book.spend(token.invite(), amy.node().verifyKey(), NOW_MILLIS);
    ask(Purpose.JOIN, amy);
    assertThat(roster.admits(amy.node().verifyKey())).isTrue();
  }

  @Test
  void anExpiredTokenIsToldByWhoseClock() {
    serverMillis = EXPIRES_AT_MILLIS + 240_000;
    MeshException refusal = refusal(Purpose.JOIN, amy, serverMillis - 3_000);
    assertThat(refusal.code()).isEqualTo(ErrorCode.TOKEN_EXPIRED);
    assertThat(refusal)
        .hasMessage(
            "the token expired 4 minutes ago by the clock of vps; this machine is 3 seconds"
                + " behind");
    assertThat(book.spent(token.invite())).isFalse();
  }

  @Test
  void aRevokedTokenIsUnknown() {
    roster = roster.with(roster.next(new Operation.Revoke(token.invite()), cast.jay.persona()));
    assertThat(refusal(Purpose.JOIN, amy).code()).isEqualTo(ErrorCode.TOKEN_UNKNOWN);
    assertThat(book.spent(token.invite())).isFalse();
  }

  @Test
  void fiveWrongProofsBurnAnInvitation() throws Exception {
    InviteToken guess =
        new InviteToken(token.meshPrefix(), token.server(), token.invite(), cast.chance.bytes(16));
    for (int i = 0; i < RosterLimits.BAD_PROOFS_MAX; i++) {
      AdmissionClient guesser = client(guess, Purpose.JOIN, bob);
      assertThatThrownBy(() -> talk(guesser, server(bob), NOW_MILLIS))
          .isInstanceOfSatisfying(
              MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOKEN_UNKNOWN));
    }
    assertThat(refusal(Purpose.JOIN, amy).code()).isEqualTo(ErrorCode.TOKEN_UNKNOWN);
  }

  @Test
  void anUnknownInvitationLooksLikeAWrongProof() throws Exception {
    InviteToken stranger = cast.token(cast.jay);
    AdmissionClient client = client(stranger, Purpose.JOIN, bob);
    assertThatThrownBy(() -> talk(client, server(bob), NOW_MILLIS))
        .hasMessage(
            "the inviting node does not know this token: it was used, revoked or is of another"
                + " mesh");
    assertThat(steps).hasSize(2);
  }

  @Test
  void aNameInUseIsRefusedAndSpendsNothing() throws Exception {
    ask(Purpose.JOIN, amy);
    token = cast.token(cast.jay);
    roster = roster.with(cast.invite(roster, token, cast.jay));
    book.write(token.invite(), EXPIRES_AT_MILLIS);
    Cast.Person second = cast.person("AMY");
    for (Purpose purpose : List.of(Purpose.PREVIEW, Purpose.JOIN)) {
      MeshException refusal = refusal(purpose, second);
      assertThat(refusal.code()).isEqualTo(ErrorCode.NAME_TAKEN);
      assertThat(refusal).hasMessage("a node of this mesh is called AMY-box already");
      assertThat(book.spent(token.invite())).isFalse();
    }
    roster = roster.with(roster.next(new Operation.Leave(), amy.node()));
    ask(Purpose.JOIN, second);
    assertThat(roster.admits(second.node().verifyKey())).isTrue();
  }

  @Test
  void aTokenThatIsNoLongerGoodTellsNobodyWhichNamesThereAre() throws Exception {
    ask(Purpose.JOIN, amy);
    Cast.Person second = cast.person("AMY");
    for (Purpose purpose : List.of(Purpose.PREVIEW, Purpose.JOIN)) {
      assertThat(refusal(purpose, second).code()).isEqualTo(ErrorCode.TOKEN_UNKNOWN);
    }
    token = cast.token(cast.jay);
    roster = roster.with(cast.invite(roster, token, cast.jay));
    book.write(token.invite(), EXPIRES_AT_MILLIS);
    serverMillis = EXPIRES_AT_MILLIS + 1;
    assertThat(refusal(Purpose.JOIN, second).code()).isEqualTo(ErrorCode.TOKEN_EXPIRED);
    serverMillis = NOW_MILLIS;
    roster = roster.with(roster.next(new Operation.Revoke(token.invite()), cast.jay.persona()));
    assertThat(refusal(Purpose.JOIN, second).code()).isEqualTo(ErrorCode.TOKEN_UNKNOWN);
  }

  @Test
  void aServerThatIsNoFullMemberAdmitsNobody() {
    roster = roster.with(roster.next(new Operation.Leave(), cast.jay.node()));
    assertThat(refusal(Purpose.JOIN, amy).code()).isEqualTo(ErrorCode.NOT_A_MEMBER);
    assertThat(book.spent(token.invite())).isFalse();
  }

  @Test
  void anotherVersionIsToldSo() throws Exception {
    AdmissionMessage hello =
        AdmissionMessage.decode(Bytes.concat(Bytes.fromHex("4002"), Bytes.utf8("later")));
    List<AdmissionStep> answer = server(amy).on(hello, roster, NOW_MILLIS);
    assertThat(answer)
        .containsExactly(
            new AdmissionStep.Reply(
                new AdmissionMessage.Refused(
                    ErrorCode.VERSION_MISMATCH,
                    "the inviting node speaks protocol 1, this machine 2",
                    NOW_MILLIS)),
            new AdmissionStep.Close());
  }

  @Test
  void nobodyAsksForAnotherNode() {
    AdmissionMessage hello = client(token, Purpose.JOIN, amy).hello();
    assertThatThrownBy(() -> server(bob).on(hello, roster, NOW_MILLIS))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void aTokenIsNotShownToAnotherServer() {
    assertThatThrownBy(
            () ->
                new AdmissionClient(
                    token, Purpose.JOIN, amy.applicant(), bob.node().verifyKey(), cast.chance))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aServerOfAnotherMeshGetsNoProof() {
    AdmissionClient client = client(token, Purpose.JOIN, amy);
    AdmissionMessage challenge =
        new AdmissionMessage.Challenge(new Cast(7).mesh, cast.chance.bytes(32), NOW_MILLIS);
    assertThatThrownBy(() -> client.on(challenge, NOW_MILLIS))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOKEN_UNKNOWN));
  }

  @Test
  void messagesOutOfTurnAreRefused() throws Exception {
    AdmissionClient client = client(token, Purpose.JOIN, amy);
    AdmissionServer server = server(amy);
    AdmissionMessage proof = new AdmissionMessage.Proof(Purpose.JOIN, cast.chance.bytes(64));
    assertThatThrownBy(() -> server.on(proof, roster, NOW_MILLIS)).hasMessageContaining("turn");
    assertThatThrownBy(() -> client.on(new AdmissionMessage.Accepted(), NOW_MILLIS))
        .hasMessageContaining("turn");
    server.on(client.hello(), roster, NOW_MILLIS);
    assertThatThrownBy(() -> server.on(client.hello(), roster, NOW_MILLIS))
        .hasMessageContaining("turn");
    server.on(proof, roster, NOW_MILLIS);
    assertThatThrownBy(() -> server.on(proof, roster, NOW_MILLIS)).hasMessageContaining("over");
  }

  @Test
  void anAcceptanceIsBelievedOnlyWithARosterThatSaysSo() throws Exception {
    AdmissionClient client = client(token, Purpose.JOIN, amy);
    client.on(new AdmissionMessage.Challenge(cast.mesh, cast.chance.bytes(32), 0), 0);
    assertThatThrownBy(() -> client.on(new AdmissionMessage.Accepted(), 0))
        .hasMessage("a roster in which the server is no full member");
    List<Bytes> operations = roster.operations().stream().map(SignedOp::encoded).toList();
    client.on(new AdmissionMessage.Operations(operations), 0);
    assertThatThrownBy(() -> client.on(new AdmissionMessage.Accepted(), 0))
        .hasMessage("accepted, with a roster that does not say so");
    assertThat(client.outcome()).isEmpty();
  }

  @Test
  void aLongRosterComesInParts() throws Exception {
    List<SignedOp> operations = new ArrayList<>(roster.operations());
    for (int i = 0; i < 1_200; i++) {
      operations.add(cast.invite(roster, cast.token(cast.jay), cast.jay));
    }
    roster = Roster.fold(cast.mesh, operations);
    Admission admission = ask(Purpose.JOIN, amy);
    assertThat(steps.stream().filter(AdmissionTest::isOperations).count()).isEqualTo(2);
    assertThat(admission.roster()).isEqualTo(roster);
  }

  private static boolean isOperations(AdmissionStep step) {
    return step instanceof AdmissionStep.Reply reply
        && reply.message() instanceof AdmissionMessage.Operations;
  }

  private AdmissionClient client(InviteToken shown, Purpose purpose, Cast.Person joiner) {
    return new AdmissionClient(
        shown, purpose, joiner.applicant(), cast.jay.node().verifyKey(), cast.chance);
  }

  private AdmissionServer server(Cast.Person joiner) {
    return new AdmissionServer(cast.jay.node(), joiner.node().verifyKey(), book, cast.chance);
  }

  private Admission ask(Purpose purpose, Cast.Person joiner) throws MalformedException {
    AdmissionClient client = client(token, purpose, joiner);
    talk(client, server(joiner), serverMillis);
    return client.outcome().orElseThrow();
  }

  private MeshException refusal(Purpose purpose, Cast.Person joiner) {
    return refusal(purpose, joiner, NOW_MILLIS);
  }

  private MeshException refusal(Purpose purpose, Cast.Person joiner, long clientMillis) {
    try {
      talk(client(token, purpose, joiner), server(joiner), clientMillis);
    } catch (MeshException e) {
      return e;
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("was not refused");
  }

  /** Carries frames between the two until both are silent, and does what the server wants. */
  private void talk(AdmissionClient client, AdmissionServer server, long clientMillis)
      throws MalformedException {
    Deque<Bytes> toServer = new ArrayDeque<>(List.of(client.hello().toFrame()));
    while (!toServer.isEmpty()) {
      AdmissionMessage heard = AdmissionMessage.decode(toServer.remove());
      for (AdmissionStep step : server.on(heard, roster, serverMillis)) {
        steps.add(step);
        if (step instanceof AdmissionStep.Admit admit) {
          roster = roster.with(admit.add());
        } else if (step instanceof AdmissionStep.Reply reply) {
          Bytes frame = reply.message().toFrame();
          Optional<AdmissionMessage> answer =
              client.on(AdmissionMessage.decode(frame), clientMillis);
          answer.ifPresent(message -> toServer.add(message.toFrame()));
        }
      }
    }
  }
}
