package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

final class RosterTest {
  private final Cast cast = new Cast(1);
  private final Cast.Person jay = cast.jay;
  private final Cast.Person amy = cast.person("amy");
  private final Cast.Person bob = cast.person("bob");
  private final Roster start = cast.roster();

  @Test
  void theFounderIsTheFirstMember() {
    assertThat(start.members())
        .containsExactly(
            new Member(
                jay.node().verifyKey(),
                "vps",
                jay.persona().verifyKey(),
                "jay",
                Role.FULL,
                0,
                Standing.PRESENT));
  }

  @Test
  void anInvitedNodeBecomesAMemberWithTheInvitationsRole() {
    InviteToken token = cast.token(jay);
    Roster invited =
        start.with(start.next(token.terms(Cast.LATER_MILLIS, Role.READ), jay.persona()));
    Roster grown = invited.with(cast.add(invited, token, jay, amy));
    assertThat(grown.member(amy.node().verifyKey()).orElseThrow())
        .isEqualTo(
            new Member(
                amy.node().verifyKey(),
                "amy-box",
                amy.persona().verifyKey(),
                "amy",
                Role.READ,
                1,
                Standing.PRESENT));
    assertThat(grown.ignored()).isEmpty();
    assertThat(grown.invitation(token.invite()).orElseThrow().state())
        .isEqualTo(Invitation.State.SPENT);
  }

  @Test
  void invitationsStandInTheOrderInWhichTheyWereMade() {
    Roster roster = start;
    List<InviteId> made = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      InviteToken token = cast.token(jay);
      roster = roster.with(cast.invite(roster, token, jay));
      made.add(token.invite());
    }
    assertThat(roster.invitations())
        .extracting(invitation -> invitation.terms().id())
        .containsExactlyElementsOf(made);
  }

  @Test
  void onlyAFullMembersPersonaInvites() {
    refuses(start, cast.invite(start, cast.token(jay), amy), "not signed by the persona");
    InviteToken token = cast.token(jay);
    Roster invited =
        start.with(start.next(token.terms(Cast.LATER_MILLIS, Role.RELAY), jay.persona()));
    Roster relayed = invited.with(cast.add(invited, token, jay, amy));
    refuses(relayed, cast.invite(relayed, cast.token(jay), amy), "not signed by the persona");
  }

  @Test
  void onlyAFullMembersNodeAdmits() {
    InviteToken token = cast.token(jay);
    Roster invited = start.with(cast.invite(start, token, jay));
    refuses(invited, cast.add(invited, token, amy, bob), "not signed by a full member");
  }

  @Test
  void anAdmissionNeedsTheProofForJustThat() {
    InviteToken token = cast.token(jay);
    Roster invited = start.with(cast.invite(start, token, jay));
    refuses(
        invited, cast.add(invited, token, jay, amy, Purpose.PREVIEW), "without the invitation's");
    SignedOp honest = cast.add(invited, token, jay, amy);
    Operation.Add add = (Operation.Add) honest.operation();
    SignedOp stolen =
        invited.next(
            new Operation.Add(add.invite(), bob.applicant(), add.nonces(), add.proof()),
            jay.node());
    refuses(invited, stolen, "without the invitation's proof");
    Roster grown = cast.admit(invited, jay, bob);
    SignedOp elsewhere = grown.next(add, bob.node());
    refuses(grown, elsewhere, "without the invitation's proof");
  }

  @Test
  void oneInvitationAdmitsOneAlsoOnTwoServersAtOnce() {
    Cast.Person ann = cast.person("ann");
    Roster two = cast.admit(start, jay, ann);
    InviteToken token = cast.token(jay);
    Roster invited = two.with(cast.invite(two, token, jay));
    SignedOp here = cast.add(invited, token, jay, amy);
    SignedOp there = cast.add(invited, token, ann, bob);
    Roster both = invited.with(here).with(there);
    SignedOp first = here.hash().compareTo(there.hash()) < 0 ? here : there;
    VerifyKey winner = ((Operation.Add) first.operation()).applicant().node();
    assertThat(List.of(both.admits(amy.node().verifyKey()), both.admits(bob.node().verifyKey())))
        .containsExactlyInAnyOrder(true, false);
    assertThat(both.admits(winner)).isTrue();
    assertThat(both.ignored()).hasSize(1);
  }

  @Test
  void aRevocationBeatsAnAdmissionThatItDidNotKnowOf() {
    InviteToken token = cast.token(jay);
    Roster invited = start.with(cast.invite(start, token, jay));
    SignedOp add = cast.add(invited, token, jay, amy);
    SignedOp revoke = invited.next(new Operation.Revoke(token.invite()), jay.persona());
    assertThat(invited.with(add).with(revoke).admits(amy.node().verifyKey())).isFalse();
    Roster admitted = invited.with(add);
    SignedOp late = admitted.next(new Operation.Revoke(token.invite()), jay.persona());
    assertThat(admitted.with(late).admits(amy.node().verifyKey())).isTrue();
  }

  @Test
  void onlyWhoInvitedRevokes() {
    Roster two = cast.admit(start, jay, amy);
    InviteToken token = cast.token(jay);
    Roster invited = two.with(cast.invite(two, token, jay));
    SignedOp revoke = invited.next(new Operation.Revoke(token.invite()), amy.persona());
    refuses(invited, revoke, "not signed by who invited");
    Roster grown = invited.with(revoke).with(cast.add(invited, token, jay, bob));
    assertThat(grown.admits(bob.node().verifyKey())).isTrue();
  }

  @Test
  void whoLeftIsRememberedAndMayNeitherAdmitNorInvite() {
    Roster two = cast.admit(start, jay, amy);
    InviteToken token = cast.token(amy);
    Roster invited = two.with(cast.invite(two, token, amy));
    Roster left = invited.with(invited.next(new Operation.Leave(), amy.node()));
    assertThat(left.admits(amy.node().verifyKey())).isFalse();
    assertThat(left.member(amy.node().verifyKey()).orElseThrow().standing())
        .isEqualTo(Standing.LEFT);
    refuses(left, cast.add(left, token, amy, bob), "not signed by a full member");
    refuses(left, cast.invite(left, cast.token(amy), amy), "not signed by the persona");
    refuses(left, left.next(new Operation.Leave(), amy.node()), "not signed by a member");
  }

  @Test
  void whoLeftMayBeAdmittedAgainAsTheYoungest() {
    Roster three = cast.admit(cast.admit(start, jay, amy), jay, bob);
    Roster left = three.with(three.next(new Operation.Leave(), amy.node()));
    Roster back = cast.admit(left, jay, amy);
    assertThat(back.members()).extracting(Member::personaName).containsExactly("jay", "bob", "amy");
    assertThat(back.admits(amy.node().verifyKey())).isTrue();
  }

  @Test
  void aMemberIsNotAdmittedTwice() {
    Roster two = cast.admit(start, jay, amy);
    InviteToken token = cast.token(jay);
    Roster invited = two.with(cast.invite(two, token, jay));
    refuses(invited, cast.add(invited, token, jay, amy), "already a member");
  }

  @Test
  void aTakenInviteIdIsNotTakenAgain() {
    InviteToken token = cast.token(jay);
    Roster invited = start.with(cast.invite(start, token, jay));
    refuses(invited, cast.invite(invited, token, jay), "its id is taken");
  }

  @Test
  void operationsOfAnotherMeshHaveNoEffect() {
    Cast other = new Cast(2);
    SignedOp foreign = other.invite(other.roster(), other.token(other.jay), other.jay);
    Roster mixed = cast.roster(other.found, foreign);
    assertThat(mixed.members()).isEqualTo(start.members());
    assertThat(mixed.ignored())
        .containsEntry(other.found, "of another mesh")
        .containsEntry(foreign, "of another mesh");
  }

  @Test
  void aMeshIsFoundedByItsPersonaAlone() {
    Operation.Found founding = (Operation.Found) cast.found.operation();
    SignedOp forged = SignedOp.found(founding, SigningKey.generate(cast.chance));
    assertThat(Roster.fold(forged.mesh(), List.of(forged)).members()).isEmpty();
  }

  @Test
  void operationsOfLaterVersionsAreKeptWithoutEffect() throws Exception {
    SignedOp later = start.next(new Operation.Unknown(60, Bytes.utf8("later")), jay.persona());
    SignedOp read = SignedOp.decode(later.encoded());
    assertThat(read.operation()).isEqualTo(new Operation.Unknown(60, Bytes.utf8("later")));
    refuses(start, read, "of kind 60");
    assertThat(start.with(read).operations()).contains(read);
  }

  @Test
  void whatFollowsTheUnknownWaitsForIt() {
    InviteToken token = cast.token(jay);
    SignedOp invite = cast.invite(start, token, jay);
    Roster invited = start.with(invite);
    SignedOp add = cast.add(invited, token, jay, amy);
    Roster gap = cast.roster(add);
    assertThat(gap.waiting()).containsExactly(add);
    assertThat(gap.members()).isEqualTo(start.members());
    assertThat(gap.with(invite).admits(amy.node().verifyKey())).isTrue();
    assertThat(gap.with(invite).waiting()).isEmpty();
  }

  private static void refuses(Roster roster, SignedOp operation, String reason) {
    Roster after = roster.with(operation);
    assertThat(after.members()).isEqualTo(roster.members());
    assertThat(after.ignored().get(operation)).startsWith(reason);
  }
}
