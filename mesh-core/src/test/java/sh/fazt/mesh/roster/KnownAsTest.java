package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;

/** Who has a name of their own is called by it, and who shares one is told apart. */
final class KnownAsTest {
  private final Cast cast = new Cast(10);
  private final Cast.Person amy = cast.person("amy");
  private final Cast.Person otherAmy = cast.person("Amy");
  private final Roster two = cast.admit(cast.roster(), cast.jay, amy);
  private final Roster three = cast.admit(two, cast.jay, otherAmy);

  private static Member member(Roster roster, Cast.Person person) {
    return roster.member(person.node().verifyKey()).orElseThrow();
  }

  private static String begin(String text) {
    return " (" + text.substring(0, 4) + ")";
  }

  @Test
  void aNameOfOnesOwnIsEnough() {
    assertThat(KnownAs.in(two).node(amy.node().verifyKey())).isEqualTo("amy-box");
    assertThat(KnownAs.in(two).owner(member(two, amy))).isEqualTo("amy");
  }

  @Test
  void nodesAndPersonasOfOneNameAreToldApartByTheirKeys() {
    KnownAs known = KnownAs.in(three);
    for (Cast.Person person : new Cast.Person[] {amy, otherAmy}) {
      VerifyKey node = person.node().verifyKey();
      String id = NodeId.of(node).text().substring("fazt_nod_".length());
      assertThat(known.node(node)).isEqualTo(person.name() + "-box" + begin(id));
      assertThat(known.owner(member(three, person)))
          .isEqualTo(person.name() + begin(person.persona().verifyKey().value().hex()));
    }
    assertThat(known.node(cast.jay.node().verifyKey())).isEqualTo("vps");
  }

  @Test
  void nodesOfOnePersonaAreItsOwnWithoutMore() {
    Roster roster = cast.admit(two, cast.jay, cast.again(amy));
    assertThat(KnownAs.in(roster).owner(member(roster, amy))).isEqualTo("amy");
  }

  /** What a removed node wrote is still told of. */
  @Test
  void aRemovedNodeStillSharesItsName() {
    Roster left = three.with(cast.remove(three, cast.jay, otherAmy));
    assertThat(KnownAs.in(left).node(amy.node().verifyKey())).startsWith("amy-box (");
    assertThat(KnownAs.in(left).owner(member(left, amy))).isEqualTo("amy");
  }

  @Test
  void whoWasNeverAMemberIsCalledByItsId() {
    VerifyKey stranger = cast.person("bob").node().verifyKey();
    assertThat(KnownAs.in(two).node(stranger)).isEqualTo(NodeId.of(stranger).text());
  }
}
