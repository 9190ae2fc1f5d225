package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.MeshException;

/** Who is meant by a name. */
final class OtherMembersTest {
  private final Cast cast = new Cast(9);
  private final Cast.Person phone = cast.person("phone");
  private final Roster roster =
      cast.admit(cast.admit(cast.roster(), cast.jay, phone), cast.jay, cast.person("nas"));

  private Member named(String name) {
    return OtherMembers.named(roster, cast.jay.node().verifyKey(), name);
  }

  @Test
  void aMemberIsFoundByItsNameAndByItsId() {
    Member member = roster.member(phone.node().verifyKey()).orElseThrow();
    assertThat(named("phone-box")).isEqualTo(member);
    assertThat(named(member.id().text())).isEqualTo(member);
  }

  @Test
  void aSlipOfTheFingerIsToldWhatItMayMean() {
    assertThatThrownBy(() -> named("fone-box"))
        .isInstanceOf(MeshException.class)
        .hasMessage(
            "no member is called fone-box; there are: phone-box, nas-box; did you mean phone-box?");
    assertThatThrownBy(() -> named("printer"))
        .hasMessage("no member is called printer; there are: phone-box, nas-box");
  }

  @Test
  void theNodeItselfIsNoOtherAndIsToldSo() {
    String id = roster.member(cast.jay.node().verifyKey()).orElseThrow().id().text();
    assertThatThrownBy(() -> named("vps")).hasMessage("vps is this node itself");
    assertThatThrownBy(() -> named(id)).hasMessage(id + " is this node itself");
  }

  @Test
  void aNodeThatIsCalledAsAnotherMayNameTheOther() {
    Cast.Person twin = cast.person("twin");
    Roster two = cast.admit(cast.roster(), cast.jay, twin);
    assertThat(OtherMembers.isSelf(two, twin.node().verifyKey(), "twin-box")).isTrue();
    Roster same = cast.admit(two, cast.jay, cast.again(twin));
    assertThat(OtherMembers.isSelf(same, twin.node().verifyKey(), "twin-box")).isFalse();
  }
}
