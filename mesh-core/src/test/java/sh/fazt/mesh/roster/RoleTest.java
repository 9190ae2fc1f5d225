package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

final class RoleTest {
  private final Cast cast = new Cast(8);
  private final Cast.Person jay = cast.jay;
  private final Cast.Person amy = cast.person("amy");
  private final Cast.Person bob = cast.person("bob");
  private final Roster three = cast.admit(cast.admit(cast.roster(), jay, amy), jay, bob);

  private static VerifyKey node(Cast.Person person) {
    return person.node().verifyKey();
  }

  private static Role role(Roster roster, Cast.Person person) {
    return roster.member(node(person)).orElseThrow().role();
  }

  private static boolean mayWrite(Roster roster, Cast.Person person) {
    Dot dot = new Dot(new SiteId(node(person), 1), 1);
    return roster.authors().welcome(dot, Hash.of(Bytes.utf8("batch")));
  }

  private boolean admits(Roster roster, Cast.Person server) {
    Cast.Person joiner = cast.person("joiner");
    InviteToken token = cast.token(server);
    Roster invited = roster.with(cast.invite(roster, token, jay));
    return invited.with(cast.add(invited, token, server, joiner)).admits(node(joiner));
  }

  @Test
  void aFullMembersPersonaChangesAnothersRole() {
    Roster read = three.with(cast.role(three, bob, amy, Role.READ));
    assertThat(role(read, amy)).isEqualTo(Role.READ);
    assertThat(read.admits(node(amy))).isTrue();
    assertThat(mayWrite(three, amy)).isTrue();
    assertThat(mayWrite(read, amy)).isFalse();
    assertThat(admits(read, amy)).isFalse();
    Roster relay = read.with(cast.role(read, jay, amy, Role.RELAY));
    assertThat(role(relay, amy)).isEqualTo(Role.RELAY);
    Roster full = relay.with(cast.role(relay, jay, amy, Role.FULL));
    assertThat(role(full, amy)).isEqualTo(Role.FULL);
    assertThat(mayWrite(full, amy)).isTrue();
    assertThat(admits(full, amy)).isTrue();
    assertThat(full.ignored()).isEmpty();
  }

  @Test
  void nobodyGivesItselfARightBack() {
    Roster read = three.with(cast.role(three, bob, amy, Role.READ));
    assertThat(role(read.with(cast.role(read, amy, amy, Role.FULL)), amy)).isEqualTo(Role.READ);
    SignedOp unaware = cast.role(three, amy, amy, Role.FULL);
    assertThat(role(read.with(unaware), amy)).isEqualTo(Role.READ);
    Roster alone = cast.roster();
    assertThat(role(alone.with(cast.role(alone, jay, jay, Role.READ)), jay)).isEqualTo(Role.FULL);
  }

  @Test
  void aRightThatIsGivenAtTheSameTimeAsItIsTakenIsTaken() {
    Roster read = three.with(cast.role(three, jay, amy, Role.READ));
    SignedOp given = cast.role(read, bob, amy, Role.FULL);
    SignedOp taken = cast.role(read, jay, amy, Role.RELAY);
    assertThat(role(read.with(given).with(taken), amy)).isEqualTo(Role.RELAY);
    assertThat(read.with(given).with(taken).ignored()).containsKey(given);
  }

  @Test
  void whatTheRestrictedDidUnknownToWhoRestrictedItHasNoEffect() {
    SignedOp restriction = cast.role(three, jay, amy, Role.READ);
    Cast.Person eve = cast.person("eve");
    Roster meanwhile = cast.admit(three, amy, eve);
    assertThat(meanwhile.admits(node(eve))).isTrue();
    assertThat(meanwhile.with(restriction).admits(node(eve))).isFalse();
    Roster known = meanwhile.with(cast.role(meanwhile, jay, amy, Role.READ));
    assertThat(known.admits(node(eve))).isTrue();
  }

  @Test
  void ofTwoThatRestrictEachOtherTheSeniorStaysFull() {
    Roster both =
        three
            .with(cast.role(three, bob, amy, Role.READ))
            .with(cast.role(three, amy, bob, Role.RELAY));
    assertThat(role(both, amy)).isEqualTo(Role.FULL);
    assertThat(role(both, bob)).isEqualTo(Role.RELAY);
  }

  @Test
  void theRemovedKeepNoRole() {
    Roster gone = three.with(cast.remove(three, jay, amy));
    Roster again = gone.with(cast.role(gone, jay, amy, Role.FULL));
    assertThat(again.admits(node(amy))).isFalse();
    assertThat(mayWrite(again, amy)).isFalse();
  }
}
