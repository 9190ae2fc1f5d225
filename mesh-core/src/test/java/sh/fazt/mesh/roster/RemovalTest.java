package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

final class RemovalTest {
  private final Cast cast = new Cast(7);
  private final Cast.Person jay = cast.jay;
  private final Cast.Person amy = cast.person("amy");
  private final Cast.Person bob = cast.person("bob");
  private final Roster three = cast.admit(cast.admit(cast.roster(), jay, amy), jay, bob);

  private static VerifyKey node(Cast.Person person) {
    return person.node().verifyKey();
  }

  private static List<String> present(Roster roster) {
    return roster.members().stream().filter(Member::active).map(Member::personaName).toList();
  }

  @Test
  void anyFullMembersPersonaRemovesAnyOther() {
    Roster less = three.with(cast.remove(three, bob, amy));
    assertThat(present(less)).containsExactly("jay", "bob");
    assertThat(less.member(node(amy)).orElseThrow().standing()).isEqualTo(Standing.REMOVED);
    assertThat(less.ignored()).isEmpty();
  }

  @Test
  void whoWasRemovedDoesNotComeBack() {
    Roster less = three.with(cast.remove(three, jay, amy));
    assertThat(cast.admit(less, jay, amy).admits(node(amy))).isFalse();
    Roster left = three.with(three.next(new Operation.Leave(), amy.node()));
    Roster gone = left.with(cast.remove(left, jay, amy));
    assertThat(cast.admit(gone, jay, amy).admits(node(amy))).isFalse();
    assertThat(cast.admit(less, jay, cast.again(amy)).members()).hasSize(4);
  }

  @Test
  void aReturnThatTheRemoverDidNotKnowOfHasNoEffect() {
    Roster left = three.with(three.next(new Operation.Leave(), amy.node()));
    Roster back = cast.admit(left, bob, amy);
    assertThat(back.admits(node(amy))).isTrue();
    assertThat(back.with(cast.remove(left, jay, amy)).admits(node(amy))).isFalse();
  }

  @Test
  void outsidersAndMembersWithALesserRoleRemoveNobody() {
    Cast.Person mallory = cast.person("mallory");
    SignedOp foreign = cast.remove(three, mallory, amy);
    assertThat(three.with(foreign).members()).isEqualTo(three.members());
    assertThat(three.with(foreign).ignored()).containsKey(foreign);
    InviteToken token = cast.token(jay);
    Roster invited =
        three.with(three.next(token.terms(Cast.LATER_MILLIS, Role.READ), jay.persona()));
    Roster read = invited.with(cast.add(invited, token, jay, mallory));
    assertThat(read.with(cast.remove(read, mallory, amy)).admits(node(amy))).isTrue();
  }

  @Test
  void nobodyRemovesTheOnlyNodeOfItsOwn() {
    assertThat(three.with(cast.remove(three, amy, amy)).admits(node(amy))).isTrue();
    Cast.Person second = cast.again(amy);
    Roster four = cast.admit(three, jay, second);
    Roster less = four.with(cast.remove(four, amy, amy));
    assertThat(less.admits(node(amy))).isFalse();
    assertThat(less.admits(node(second))).isTrue();
  }

  @Test
  void whatTheRemoverKnewOfStandsAndTheRestDoesNot() {
    Cast.Person ann = cast.person("ann");
    Cast.Person eve = cast.person("eve");
    Roster known = cast.admit(three, amy, ann);
    SignedOp removal = cast.remove(known, jay, amy);
    Roster unknown = cast.admit(known, amy, eve);
    Roster all = unknown.with(removal);
    assertThat(present(all)).containsExactly("jay", "bob", "ann");
    InviteToken token = cast.token(amy);
    Roster removed = known.with(removal);
    Roster invited = removed.with(cast.invite(removed, token, jay));
    Roster after = invited.with(cast.add(invited, token, amy, eve));
    assertThat(present(after)).containsExactly("jay", "bob", "ann");
  }

  @Test
  void whomTheRemovedLetInCannotAnswerForIt() {
    Cast.Person eve = cast.person("eve");
    SignedOp removal = cast.remove(three, jay, amy);
    Roster puppet = cast.admit(three, amy, eve);
    SignedOp answer = cast.remove(puppet, eve, jay);
    Roster all = puppet.with(answer).with(removal);
    assertThat(present(all)).containsExactly("jay", "bob");
  }

  @Test
  void aPersonaActsOnThroughItsOtherNodes() {
    Cast.Person second = cast.again(amy);
    Cast.Person ann = cast.person("ann");
    Roster four = cast.admit(three, jay, second);
    SignedOp removal = cast.remove(four, jay, amy);
    InviteToken token = cast.token(second);
    Roster invited = four.with(cast.invite(four, token, amy));
    Roster grown = invited.with(cast.add(invited, token, second, ann));
    assertThat(present(grown.with(removal))).containsExactly("jay", "bob", "amy", "ann");
  }

  @Test
  void ofTwoThatRemoveEachOtherTheSeniorStays() {
    SignedOp one = cast.remove(three, amy, bob);
    SignedOp other = cast.remove(three, bob, amy);
    assertThat(present(three.with(one).with(other))).containsExactly("jay", "amy");
    assertThat(present(three.with(other).with(one))).containsExactly("jay", "amy");
    assertThat(present(three.with(one))).containsExactly("jay", "amy");
    assertThat(present(three.with(other))).containsExactly("jay", "bob");
  }

  @Test
  void ofTwoNodesOfOnePersonaThatRemoveEachOtherTheSeniorStays() {
    Cast.Person second = cast.again(amy);
    Roster four = cast.admit(three, jay, second);
    SignedOp one = cast.remove(four, second, amy);
    SignedOp other = cast.remove(four, amy, second);
    Roster both = four.with(one).with(other);
    assertThat(both.admits(node(amy))).isTrue();
    assertThat(both.admits(node(second))).isFalse();
  }

  @Test
  void ofAnyNumberThatRemoveEachOtherInARingSomebodyStaysAndTheSeniorsWordHolds() {
    SignedOp first = cast.remove(three, jay, amy);
    SignedOp second = cast.remove(three, amy, bob);
    SignedOp third = cast.remove(three, bob, jay);
    Roster ring = three.with(third).with(second).with(first);
    assertThat(present(ring)).containsExactly("bob");
    assertThat(ring).isEqualTo(three.with(first).with(second).with(third));
  }

  @Test
  void contestsBeyondTheLimitAreLeftUndecided() {
    Roster crowd = three;
    List<Cast.Person> people = new ArrayList<>(List.of(jay, amy));
    for (int i = 0; i < 2 * RosterLimits.CONTESTED_MAX; i++) {
      people.add(cast.person("p" + i));
      crowd = cast.admit(crowd, jay, people.get(people.size() - 1));
    }
    List<SignedOp> all = new ArrayList<>(crowd.operations());
    for (int i = 0; i < people.size(); i += 2) {
      all.add(cast.remove(crowd, people.get(i), people.get(i + 1)));
      all.add(cast.remove(crowd, people.get(i + 1), people.get(i)));
    }
    Roster end = Roster.fold(cast.mesh, all);
    long removed = end.members().stream().filter(Member::removed).count();
    assertThat(removed).isEqualTo(RosterLimits.CONTESTED_MAX);
    assertThat(end.hasRemoved(node(amy))).as("seniors come first").isTrue();
  }

  private static Heads heads(int incarnation, long seq, String hash) {
    SortedMap<Integer, Heads.Last> heads = new TreeMap<>();
    heads.put(incarnation, new Heads.Last(seq, Hash.of(Bytes.utf8(hash))));
    return new Heads(heads);
  }

  private static boolean welcome(Roster roster, Cast.Person author, long seq, String hash) {
    SiteId site = new SiteId(node(author), 1);
    Hash batch = Hash.of(Bytes.utf8(hash));
    return roster.authors().welcome(new Dot(site, seq), batch);
  }

  @Test
  void theBatchesThatAFullMemberHeldCount() {
    assertThat(welcome(three, amy, 1_000, "any")).isTrue();
    assertThat(three.authors().limit(new SiteId(node(amy), 1))).isEqualTo(Long.MAX_VALUE);
    SignedOp removal = three.next(new Remove(node(amy), heads(1, 10, "ten")), jay.persona());
    Roster ten = three.with(removal);
    assertThat(welcome(ten, amy, 10, "ten")).isTrue();
    assertThat(welcome(ten, amy, 9, "any")).isTrue();
    assertThat(welcome(ten, amy, 10, "another in its place")).isFalse();
    assertThat(welcome(ten, amy, 11, "eleven")).isFalse();
    Roster eleven = ten.with(ten.next(new Retire(node(amy), heads(1, 11, "eleven")), bob.node()));
    assertThat(welcome(eleven, amy, 11, "eleven")).isTrue();
    assertThat(welcome(eleven, amy, 10, "another in its place")).isTrue();
    assertThat(eleven.authors().limit(new SiteId(node(amy), 1))).isEqualTo(11);
    assertThat(eleven.authors().limit(new SiteId(node(amy), 2))).isZero();
  }

  @Test
  void whatTheRemovedItselfOrAStrangerHeldDoesNotCount() {
    Roster ten = three.with(cast.remove(three, jay, amy));
    Operation more = new Retire(node(amy), heads(1, 11, "eleven"));
    assertThat(welcome(ten.with(three.next(more, amy.node())), amy, 11, "eleven")).isFalse();
    assertThat(welcome(ten.with(ten.next(more, cast.person("x").node())), amy, 11, "eleven"))
        .isFalse();
  }

  @Test
  void whoWasLetInWithoutEffectIsRetiredAsTheRemovedAre() {
    Cast.Person eve = cast.person("eve");
    Roster puppet = cast.admit(three, amy, eve).with(cast.remove(three, jay, amy));
    assertThat(puppet.authors().isRetired(node(eve))).isTrue();
    assertThat(welcome(puppet, eve, 1, "one")).isFalse();
    Operation held = new Retire(node(eve), heads(1, 1, "one"));
    assertThat(welcome(puppet.with(puppet.next(held, bob.node())), eve, 1, "one")).isTrue();
  }

  @Test
  void theProofOfARemovalConvincesWhoKnowsNothing() {
    Roster more = cast.admit(three.with(cast.remove(three, jay, amy)), jay, cast.person("late"));
    List<SignedOp> proof = more.proofOfRemoval(node(amy));
    assertThat(Roster.fold(cast.mesh, proof).hasRemoved(node(amy))).isTrue();
    assertThat(Roster.fold(cast.mesh, proof).members()).hasSize(3);
    assertThat(more.proofOfRemoval(node(bob))).isEmpty();
  }

  @Test
  void asManyHeadsAsFitAreInOneOperation() throws Exception {
    SortedMap<Integer, Heads.Last> many = new TreeMap<>();
    for (int i = 1; i <= RosterLimits.HEADS_MAX + 1; i++) {
      many.put(
          Integer.MAX_VALUE - i, new Heads.Last(Long.MAX_VALUE, Hash.of(cast.chance.bytes(1))));
    }
    List<Heads> pieces = new Heads(many).pieces();
    assertThat(pieces).hasSize(2);
    for (Heads piece : pieces) {
      SignedOp signed = three.next(new Remove(node(amy), piece), jay.persona());
      assertThat(SignedOp.decode(signed.encoded()).operation()).isEqualTo(signed.operation());
    }
    assertThat(new Heads(new TreeMap<>()).pieces()).containsExactly(Heads.NONE);
  }
}
