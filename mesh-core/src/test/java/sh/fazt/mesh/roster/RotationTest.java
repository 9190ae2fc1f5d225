package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/** Jay's key is stolen with one of jay's nodes, the phone; jay has the words and the other node. */
final class RotationTest {
  private final Cast cast = new Cast(9);
  private final Cast.Person jay = cast.jay;
  private final Cast.Person phone = cast.again(jay);
  private final Cast.Person amy = cast.person("amy");
  private final Roster three = cast.admit(cast.admit(cast.roster(), jay, amy), jay, phone);
  private final Cast.Person renewed = cast.renewed(jay);

  private static VerifyKey node(Cast.Person person) {
    return person.node().verifyKey();
  }

  private static VerifyKey owner(Roster roster, Cast.Person person) {
    return roster.member(node(person)).orElseThrow().persona();
  }

  private static List<VerifyKey> present(Roster roster) {
    return roster.members().stream().filter(Member::active).map(Member::node).toList();
  }

  @Test
  void theNodesThatAreKeptGoOnUnderTheNewKeyAndTheOthersAreRemoved() {
    Roster rotated = three.with(cast.rotate(three, renewed, jay));
    assertThat(present(rotated)).containsExactly(node(jay), node(amy));
    assertThat(owner(rotated, jay)).isEqualTo(renewed.persona().verifyKey());
    assertThat(rotated.member(node(jay)).orElseThrow().seniority()).isZero();
    assertThat(rotated.hasRemoved(node(phone))).isTrue();
    assertThat(rotated.removerOf(node(phone))).contains("jay");
    assertThat(rotated.ignored()).isEmpty();
    Cast.Person ann = cast.person("ann");
    assertThat(present(cast.admit(rotated, renewed, ann))).contains(node(ann));
  }

  @Test
  void theOldKeyMayDoNothingAnyMore() {
    Roster rotated = three.with(cast.rotate(three, renewed, jay));
    assertThat(rotated.with(cast.remove(rotated, jay, amy)).admits(node(amy))).isTrue();
    assertThat(rotated.with(cast.role(rotated, jay, amy, Role.READ)).admits(node(amy), Role.FULL))
        .isTrue();
    SignedOp invite = cast.invite(rotated, cast.token(jay), jay);
    assertThat(rotated.with(invite).ignored()).containsKey(invite);
  }

  @Test
  void whatTheOldKeyDidUnknownToTheRotationHasNoEffect() {
    SignedOp rotation = cast.rotate(three, renewed, jay);
    Cast.Person eve = cast.person("eve");
    Roster stolen = cast.admit(three, phone, eve);
    stolen = stolen.with(cast.remove(stolen, jay, jay));
    stolen = stolen.with(cast.remove(stolen, eve, amy));
    assertThat(present(stolen)).containsExactly(node(phone), node(eve));
    assertThat(present(stolen.with(rotation))).containsExactly(node(jay), node(amy));
  }

  @Test
  void whatItDidBeforeAndTheRotationKnewStands() {
    Cast.Person ann = cast.person("ann");
    Roster known = cast.admit(three, phone, ann);
    known = known.with(cast.remove(known, jay, amy));
    Roster rotated = known.with(cast.rotate(known, renewed, jay));
    assertThat(present(rotated)).containsExactly(node(jay), node(ann));
  }

  @Test
  void aRevocationThatIsDatedBackThrowsNobodyOut() {
    InviteToken token = cast.token(jay);
    Roster invited = three.with(cast.invite(three, token, jay));
    Cast.Person ann = cast.person("ann");
    Roster grown = invited.with(cast.add(invited, token, jay, ann));
    SignedOp back = invited.next(new Operation.Revoke(token.invite()), jay.persona());
    assertThat(grown.with(back).admits(node(ann))).isFalse();
    Roster rotated = grown.with(back).with(cast.rotate(grown, renewed, jay));
    assertThat(rotated.admits(node(ann))).isTrue();
    assertThat(rotated.ignored()).containsKey(back);
  }

  @Test
  void invitationsThatTheOldKeyLeftOpenAdmitNobody() {
    InviteToken token = cast.token(jay);
    Roster invited = three.with(cast.invite(three, token, jay));
    Cast.Person eve = cast.person("eve");
    SignedOp beside = cast.add(invited, token, amy, eve);
    Roster rotated = invited.with(cast.rotate(invited, renewed, jay));
    assertThat(rotated.invitation(token.invite()).orElseThrow().state())
        .isEqualTo(Invitation.State.REVOKED);
    assertThat(rotated.with(beside).admits(node(eve))).isFalse();
    assertThat(rotated.with(cast.add(rotated, token, amy, eve)).admits(node(eve))).isFalse();
  }

  @Test
  void aNodeInTheOldKeysNameIsNotAdmittedAnyMore() {
    SignedOp rotation = cast.rotate(three, renewed, jay);
    Roster meanwhile = invitedByAmy(three, cast.again(jay));
    assertThat(present(meanwhile)).hasSize(4);
    assertThat(present(meanwhile.with(rotation))).containsExactly(node(jay), node(amy));
    Roster rotated = three.with(rotation);
    assertThat(present(invitedByAmy(rotated, cast.again(jay)))).hasSize(2);
    assertThat(present(invitedByAmy(rotated, phone))).as("removed for good").hasSize(2);
    Cast.Person fresh = cast.again(renewed);
    assertThat(present(invitedByAmy(rotated, fresh))).contains(node(fresh));
  }

  private Roster invitedByAmy(Roster roster, Cast.Person joiner) {
    return cast.admit(roster, amy, joiner);
  }

  @Test
  void whatTheOldKeyDidToNodesThatAreKeptIsPassedOverThoughItIsKnown() {
    Roster stolen = three.with(cast.remove(three, phone, jay));
    assertThat(stolen.admits(node(jay))).isFalse();
    Roster rotated = stolen.with(cast.rotate(stolen, renewed, jay));
    assertThat(present(rotated)).containsExactly(node(jay), node(amy));
    Roster read = three.with(cast.role(three, phone, jay, Role.READ));
    Roster full = read.with(cast.rotate(read, renewed, jay));
    assertThat(full.admits(node(jay), Role.FULL)).isTrue();
  }

  @Test
  void aRemovalByAnotherPersonaStands() {
    Roster less = three.with(cast.remove(three, amy, phone));
    Roster rotated = less.with(cast.rotate(less, renewed, jay, phone));
    assertThat(present(rotated)).containsExactly(node(jay), node(amy));
    assertThat(owner(rotated, phone)).isEqualTo(renewed.persona().verifyKey());
  }

  @Test
  void nobodyWithoutTheRecoveryKeyReplacesAnything() {
    for (SigningKey by : List.of(jay.persona(), amy.persona(), SigningKey.generate(cast.chance))) {
      SignedOp rotation = cast.rotate(three, jay, by, renewed, Hash.ZERO, jay);
      assertThat(present(three.with(rotation))).isEqualTo(present(three));
      assertThat(three.with(rotation).ignored()).containsKey(rotation);
    }
    SignedOp ofAmy = cast.rotate(three, amy, cast.recovery, renewed, Hash.ZERO, amy);
    assertThat(three.with(ofAmy).ignored()).as("of another's key").containsKey(ofAmy);
  }

  @Test
  void aMeshThatCommittedToNoKeyHasNoRotation() {
    Roster rotated = three.with(cast.rotate(three, renewed, jay));
    assertThat(rotated.recoverable().orElseThrow().isPossible()).isFalse();
    SignedOp again =
        cast.rotate(rotated, renewed, cast.recovery, cast.renewed(jay), Hash.ZERO, jay);
    assertThat(rotated.with(again).ignored()).as("words are used once").containsKey(again);
  }

  @Test
  void theNextWordsReplaceTheNewKey() {
    SigningKey second = SigningKey.generate(cast.chance);
    Hash committed = second.verifyKey().fingerprint();
    Roster once =
        three.with(cast.rotate(three, jay, cast.recovery, renewed, committed, jay, phone));
    Cast.Person third = cast.renewed(jay);
    SignedOp rotation = cast.rotate(once, renewed, second, third, Hash.ZERO, jay);
    Roster twice = once.with(rotation);
    assertThat(present(twice)).containsExactly(node(jay), node(amy));
    assertThat(owner(twice, jay)).isEqualTo(third.persona().verifyKey());
    SignedOp late = once.next(new Retire(node(amy), Heads.NONE), phone.node());
    assertThat(twice.with(late).ignored()).as("of a node kept once, not twice").containsKey(late);
    SignedOp back = cast.rotate(once, renewed, second, jay, Hash.ZERO, jay);
    assertThat(once.with(back).ignored()).as("a replaced key never returns").containsKey(back);
  }

  @Test
  void ofTwoRotationsByTheSameWordsTheFirstInTheOrderCounts() {
    Cast.Person other = cast.renewed(jay);
    SignedOp one = cast.rotate(three, renewed, jay);
    SignedOp two = cast.rotate(three, other, jay, phone);
    SignedOp first = one.hash().compareTo(two.hash()) < 0 ? one : two;
    Roster both = three.with(two).with(one);
    assertThat(both.members()).isEqualTo(three.with(first).members());
    assertThat(both).isEqualTo(three.with(one).with(two));
    assertThat(both.ignored()).hasSize(1);
    Roster deeper = cast.admit(three, amy, cast.person("ann"));
    SignedOp later = cast.rotate(deeper, cast.renewed(jay), jay, phone);
    assertThat(owner(deeper.with(later).with(one), jay)).isEqualTo(renewed.persona().verifyKey());
  }

  @Test
  void batchesOfANodeThatWasPutOutCountAsFarAsOthersHadThem() {
    Roster rotated = three.with(cast.rotate(three, renewed, jay));
    SiteId site = new SiteId(node(phone), 1);
    Hash ten = Hash.of(Bytes.utf8("ten"));
    assertThat(three.authors().limit(site)).isEqualTo(Long.MAX_VALUE);
    assertThat(rotated.authors().limit(site)).isZero();
    SortedMap<Integer, Heads.Last> heads = new TreeMap<>();
    heads.put(1, new Heads.Last(10, ten));
    Operation held = new Retire(node(phone), new Heads(heads));
    Roster said = rotated.with(rotated.next(held, amy.node()));
    assertThat(said.authors().welcome(new Dot(site, 10), ten)).isTrue();
    assertThat(said.authors().limit(site)).isEqualTo(10);
    assertThat(rotated.with(three.next(held, phone.node())).authors().limit(site)).isZero();
    assertThat(rotated.authors().limit(new SiteId(node(jay), 1))).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theProofOfARotationConvincesWhoKnowsNothing() {
    Roster more = cast.admit(three.with(cast.rotate(three, renewed, jay)), amy, cast.person("x"));
    List<SignedOp> proof = more.proofOfRemoval(node(phone));
    assertThat(Roster.fold(cast.mesh, proof).hasRemoved(node(phone))).isTrue();
    assertThat(more.proofOfRemoval(node(jay))).isEmpty();
  }

  @Test
  void asManyKeptNodesAsFitAreInOneOperationAndNoMore() throws MalformedException {
    List<VerifyKey> nodes =
        IntStream.range(0, RosterLimits.KEPT_MAX)
            .mapToObj(any -> SigningKey.generate(cast.chance).verifyKey())
            .toList();
    VerifyKey old = jay.persona().verifyKey();
    Rotate rotate = Rotate.to(old, renewed.persona(), Hash.ZERO, nodes);
    List<Hash> parents =
        IntStream.range(0, RosterLimits.PARENTS_MAX)
            .mapToObj(any -> Hash.of(cast.chance.bytes(8)))
            .toList();
    SignedOp signed = SignedOp.sign(cast.mesh, parents, rotate, cast.recovery);
    assertThat(SignedOp.decode(signed.encoded()).operation()).isEqualTo(rotate);
    List<VerifyKey> more = new ArrayList<>(nodes);
    more.add(node(jay));
    assertThatThrownBy(() -> Rotate.to(old, renewed.persona(), Hash.ZERO, more))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRotationNeedsTheNewKeysAgreement() {
    Rotate rotate =
        Rotate.to(jay.persona().verifyKey(), renewed.persona(), Hash.ZERO, List.of(node(jay)));
    assertThatThrownBy(
            () ->
                new Rotate(
                    rotate.persona(),
                    amy.persona().verifyKey(),
                    rotate.proof(),
                    rotate.recovery(),
                    rotate.kept()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did not agree");
    assertThatThrownBy(
            () -> Rotate.to(jay.persona().verifyKey(), jay.persona(), Hash.ZERO, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
