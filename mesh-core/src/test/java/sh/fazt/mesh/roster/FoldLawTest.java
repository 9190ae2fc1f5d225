package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.VerifyKey;

/** The fold over random histories: several replicas act, merge at times, and some of them cheat. */
final class FoldLawTest {
  private static final int ORDERS = 12;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theOrderOfArrivalIsWithoutEffect(long seed) {
    RandomHistory history = new RandomHistory(seed);
    Roster expected = Roster.fold(history.cast.mesh, history.all);
    assertThat(expected.waiting()).isEmpty();
    for (int i = 0; i < ORDERS; i++) {
      List<SignedOp> shuffled = new ArrayList<>(history.all);
      shuffled.addAll(shuffled.subList(0, 5));
      Collections.shuffle(shuffled, history.random);
      assertSame(Roster.fold(history.cast.mesh, shuffled), expected);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void oneByOneEndsLikeAllAtOnce(long seed) {
    RandomHistory history = new RandomHistory(seed);
    List<SignedOp> shuffled = new ArrayList<>(history.all);
    Collections.shuffle(shuffled, history.random);
    Roster grown = Roster.fold(history.cast.mesh, List.of());
    for (SignedOp operation : shuffled) {
      grown = grown.with(operation);
    }
    assertSame(grown, Roster.fold(history.cast.mesh, history.all));
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void everyOperationStandsBehindWhatItFollows(long seed) {
    RandomHistory history = new RandomHistory(seed);
    Set<Object> seen = new HashSet<>();
    for (SignedOp operation : Roster.fold(history.cast.mesh, history.all).operations()) {
      assertThat(seen).containsAll(operation.needs());
      seen.add(operation.hash());
    }
    assertThat(seen).hasSize(history.all.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33})
  void noOutsiderEverBecomesAMember(long seed) {
    RandomHistory history = new RandomHistory(seed);
    assertThat(Roster.fold(history.cast.mesh, history.all).members())
        .extracting(Member::personaName)
        .contains("jay")
        .doesNotContain("mallory");
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43, 44, 45, 46, 47, 48})
  void aRemovalIsForGood(long seed) {
    RandomHistory history = new RandomHistory(seed);
    Roster roster = Roster.fold(history.cast.mesh, history.all);
    for (SignedOp removal : history.effective(roster, Remove.class)) {
      VerifyKey node = ((Remove) removal.operation()).node();
      assertThat(roster.admits(node)).isFalse();
      assertThat(roster.hasRemoved(node)).isTrue();
      Cast.Person removed = history.personOf(node);
      for (Cast.Person server : history.people) {
        if (ownsAMember(server, roster)) {
          InviteToken token = history.cast.token(server);
          Roster invited = roster.with(history.cast.invite(roster, token, server));
          Roster again = invited.with(history.cast.add(invited, token, server, removed));
          assertThat(again.admits(node)).isFalse();
        }
      }
    }
  }

  private static boolean ownsAMember(Cast.Person person, Roster roster) {
    return roster
        .member(person.node().verifyKey())
        .filter(member -> member.active() && member.role() == Role.FULL)
        .filter(member -> member.persona().equals(person.persona().verifyKey()))
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(longs = {51, 52, 53, 54, 55, 56, 57, 58})
  void whatTheRemovedDidUnknownToTheRemoverHasNoEffect(long seed) {
    RandomHistory history = new RandomHistory(seed);
    Roster roster = Roster.fold(history.cast.mesh, history.all);
    Lineage lineage = new Lineage(history.all);
    List<SignedOp> removals = history.effective(roster, Remove.class);
    for (SignedOp act : history.effective(roster, Operation.Add.class)) {
      assertThat(spared(act.signer(), act, removals, lineage)).isTrue();
    }
    for (SignedOp act : history.effective(roster, Retire.class)) {
      assertThat(spared(act.signer(), act, removals, lineage)).isTrue();
    }
    for (SignedOp act : history.effective(roster, Operation.Invite.class)) {
      assertThat(
              history.people.stream()
                  .filter(person -> person.persona().verifyKey().equals(act.signer()))
                  .map(person -> person.node().verifyKey())
                  .filter(node -> roster.member(node).isPresent())
                  .anyMatch(node -> spared(node, act, removals, lineage)))
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {61, 62, 63, 64, 65, 66, 67, 68})
  void whatTheRestrictedDidUnknownToWhoRestrictedItHasNoEffect(long seed) {
    RandomHistory history = new RandomHistory(seed);
    Roster roster = Roster.fold(history.cast.mesh, history.all);
    Lineage lineage = new Lineage(history.all);
    List<SignedOp> restrictions =
        history.effective(roster, ChangeRole.class).stream()
            .filter(each -> ((ChangeRole) each.operation()).restricts())
            .toList();
    for (SignedOp act : history.effective(roster, Operation.Add.class)) {
      for (SignedOp restriction : restrictions) {
        boolean concerns = ((ChangeRole) restriction.operation()).node().equals(act.signer());
        assertThat(
                !concerns || lineage.follows(restriction, act) || lineage.follows(act, restriction))
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {71, 72, 73, 74, 75, 76, 77, 78})
  void whatAReplacedKeyDidUnknownToWhoReplacedItHasNoEffect(long seed) {
    RandomHistory history = new RandomHistory(seed);
    Roster roster = Roster.fold(history.cast.mesh, history.all);
    Lineage lineage = new Lineage(history.all);
    for (SignedOp rotation : history.effective(roster, Rotate.class)) {
      Rotate rotate = (Rotate) rotation.operation();
      Set<Hash> issued = new HashSet<>();
      for (SignedOp act : roster.operations()) {
        boolean counts = !roster.ignored().containsKey(act);
        boolean unknown = !lineage.follows(rotation, act);
        if (act.signer().equals(rotate.persona())) {
          issued.add(act.hash());
          assertThat(counts && unknown).as("%s", act).isFalse();
        }
        if (act.operation() instanceof Operation.Add add && counts && unknown) {
          assertThat(issued).doesNotContain(add.invite());
          assertThat(add.applicant().persona()).isNotEqualTo(rotate.persona());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {71, 72, 73, 74, 75, 76, 77, 78})
  void whoStaysUnderAReplacedKeyWasKeptByEachThatReplacedIt(long seed) {
    RandomHistory history = new RandomHistory(seed);
    Roster roster = Roster.fold(history.cast.mesh, history.all);
    Map<VerifyKey, VerifyKey> admittedAs = new HashMap<>();
    for (SignedOp each : roster.operations()) {
      if (each.operation() instanceof Operation.Found found) {
        admittedAs.put(found.node(), found.persona());
      } else if (each.operation() instanceof Operation.Add add
          && !roster.ignored().containsKey(each)) {
        admittedAs.put(add.applicant().node(), add.applicant().persona());
      }
    }
    Set<VerifyKey> replaced = new HashSet<>();
    for (SignedOp rotation : history.effective(roster, Rotate.class)) {
      Rotate rotate = (Rotate) rotation.operation();
      replaced.add(rotate.persona());
      for (Member member : roster.members()) {
        if (member.active() && replaced.contains(admittedAs.get(member.node()))) {
          assertThat(rotate.keeps(member.node())).isTrue();
        }
        assertThat(member.active() && replaced.contains(member.persona())).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {81, 82, 83, 84, 85, 86, 87, 88})
  void rotationsFormOneChainWhateverElseIsKnown(long seed) {
    RandomHistory history = new RandomHistory(seed);
    Roster roster = Roster.fold(history.cast.mesh, history.all);
    VerifyKey persona = history.cast.jay.persona().verifyKey();
    for (SignedOp rotation : history.effective(roster, Rotate.class)) {
      assertThat(((Rotate) rotation.operation()).persona()).isEqualTo(persona);
      persona = ((Rotate) rotation.operation()).next();
    }
    assertThat(roster.recoverable().orElseThrow().persona()).isEqualTo(persona);
  }

  private static boolean spared(
      VerifyKey node, SignedOp act, List<SignedOp> removals, Lineage lineage) {
    return removals.stream()
        .filter(removal -> ((Remove) removal.operation()).node().equals(node))
        .allMatch(removal -> lineage.follows(removal, act));
  }

  @Test
  void theRandomHistoriesHaveAllThatTheLawsAreAbout() {
    int effective = 0;
    int beaten = 0;
    int rotated = 0;
    int rivals = 0;
    int voided = 0;
    for (long seed = 1; seed <= 40; seed++) {
      RandomHistory history = new RandomHistory(seed);
      Roster roster = Roster.fold(history.cast.mesh, history.all);
      List<SignedOp> removals = history.effective(roster, Remove.class);
      effective += removals.size();
      beaten +=
          (int)
              roster.ignored().keySet().stream()
                  .filter(act -> act.operation() instanceof Operation.Add)
                  .filter(act -> !spared(act.signer(), act, removals, new Lineage(history.all)))
                  .count();
      List<SignedOp> rotations = history.effective(roster, Rotate.class);
      rotated += rotations.size();
      for (SignedOp act : roster.ignored().keySet()) {
        rivals += act.operation() instanceof Rotate ? 1 : 0;
        voided += rotations.stream().anyMatch(each -> signedByOld(each, act)) ? 1 : 0;
      }
    }
    assertThat(effective).as("removals").isGreaterThan(10);
    assertThat(beaten).isGreaterThan(5);
    assertThat(rotated).as("replaced keys").isGreaterThan(20);
    assertThat(rivals).as("replacements beaten by another").isGreaterThan(5);
    assertThat(voided).as("acts of a replaced key").isGreaterThan(20);
  }

  private static boolean signedByOld(SignedOp rotation, SignedOp act) {
    return ((Rotate) rotation.operation()).persona().equals(act.signer());
  }

  private static void assertSame(Roster found, Roster expected) {
    assertThat(found).isEqualTo(expected);
    assertThat(found.members()).isEqualTo(expected.members());
    assertThat(found.invitations()).isEqualTo(expected.invitations());
    assertThat(found.ignored()).isEqualTo(expected.ignored());
    assertThat(found.authors()).isEqualTo(expected.authors());
    assertThat(found.recoverable()).isEqualTo(expected.recoverable());
  }
}
