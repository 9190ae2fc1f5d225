package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Operation;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.roster.SignedOp;

/** The laptop was stolen, with a copy of jay's key; jay has the words, the vps and the phone. */
class RecoveryTest extends PairOfReplicas {
  private RecoveryPhrase words;
  private SigningKey next;

  @BeforeEach
  void trio() {
    words = RecoveryPhrase.draw(nodes.ambient().chance());
    next = SigningKey.generate(nodes.ambient().chance());
    nodes.database("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    nodes.found("vps", words);
    nodes.join("laptop", "vps");
    nodes.join("phone", "vps");
    all();
  }

  private void all() {
    nodes.sync("vps", "phone");
    nodes.sync("vps", "laptop");
    nodes.sync("vps", "phone");
  }

  private Recovery plan(String on, RecoveryPhrase phrase, String... keep) {
    return Recovery.plan(nodes.file(on), phrase, new Recovery.Choice.Named(Set.of(keep)));
  }

  private VerifyKey key(String name) {
    return nodes.mesh(name).nodeKey().verifyKey();
  }

  private Roster roster(String name) {
    return nodes.mesh(name).membership().roster();
  }

  private void write(String name, String id) {
    nodes.nowMillis += 10;
    nodes.app(name).run("INSERT INTO t VALUES ('" + id + "', 'by " + name + "')");
  }

  private static List<String> names(List<Member> members) {
    return members.stream().map(Member::name).toList();
  }

  @Test
  void theStolenNodeIsRemovedAndWhatOthersHadOfItStaysEverywhere() {
    write("laptop", "before");
    nodes.sync("laptop", "phone");
    Recovery plan = plan("vps", words, "phone");
    assertThat(names(plan.kept())).containsExactly("vps", "phone");
    assertThat(names(plan.removed())).containsExactly("laptop");
    nodes.mesh("vps").membership().rotate(plan.sign(next, Optional.empty()));
    assertThat(rows("vps", "SELECT id FROM t")).isEmpty();
    nodes.sync("vps", "phone");
    assertThat(rows("vps", "SELECT id FROM t")).containsExactly("before");
    assertThat(rows("phone", "SELECT id FROM t")).containsExactly("before");
    assertThat(roster("phone").hasRemoved(key("laptop"))).isTrue();
    assertThat(roster("phone").admits(key("phone"), Role.FULL)).isTrue();
    write("phone", "after");
    nodes.sync("vps", "phone");
    assertThat(rows("vps", "SELECT id FROM t ORDER BY id")).containsExactly("after", "before");
  }

  @Test
  void whatTheThiefDidMeanwhileIsUndone() {
    nodes.mesh("laptop").membership().remove(key("vps"), nodes.persona().key());
    nodes.sync("laptop", "phone");
    assertThat(roster("phone").admits(key("vps"))).isFalse();
    SignedOp rotation = plan("vps", words, "phone").sign(next, Optional.empty());
    nodes.mesh("vps").membership().rotate(rotation);
    nodes.mesh("phone").membership().add(rotation);
    nodes.sync("vps", "phone");
    assertThat(roster("phone").admits(key("vps"), Role.FULL)).isTrue();
    assertThat(roster("phone").admits(key("laptop"))).isFalse();
    write("vps", "on");
    nodes.sync("vps", "phone");
    assertThat(rows("phone", "SELECT id FROM t")).containsExactly("on");
  }

  @Test
  void theNewKeyAdministersAndTheOldOneDoesNot() {
    nodes.mesh("vps").membership().rotate(plan("vps", words, "phone").sign(next, Optional.empty()));
    Membership vps = nodes.mesh("vps").membership();
    assertThatThrownBy(() -> vps.remove(key("phone"), nodes.persona().key()))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_A_MEMBER));
    vps.remove(key("phone"), next);
    assertThat(roster("vps").hasRemoved(key("phone"))).isTrue();
  }

  @Test
  void allNodesGoOnWhereTheKeyWasOnlyLost() {
    Recovery plan = Recovery.plan(nodes.file("phone"), words, new Recovery.Choice.All());
    assertThat(names(plan.kept())).containsExactly("vps", "laptop", "phone");
    assertThat(plan.removed()).isEmpty();
  }

  @Test
  void onlyTheLatestWordsOfThisMeshAreGood() {
    RecoveryPhrase other = RecoveryPhrase.draw(nodes.ambient().chance());
    refuses(other, ErrorCode.PHRASE_UNKNOWN);
    Recovery plan = plan("vps", words);
    nodes.mesh("vps").membership().rotate(plan.sign(next, Optional.of(other)));
    refuses(words, ErrorCode.PHRASE_UNKNOWN);
    SigningKey third = SigningKey.generate(nodes.ambient().chance());
    Membership vps = nodes.mesh("vps").membership();
    SignedOp foreign = roster("vps").next(new Operation.Leave(), third);
    assertThatThrownBy(() -> vps.rotate(foreign)).isInstanceOf(MeshException.class);
    vps.rotate(plan("vps", other).sign(third, Optional.empty()));
    refuses(other, ErrorCode.NOT_A_MEMBER);
  }

  private void refuses(RecoveryPhrase phrase, ErrorCode code) {
    assertThatThrownBy(() -> plan("vps", phrase))
        .isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aNodeThatIsNotThePersonasIsNotKept() {
    assertThatThrownBy(() -> plan("vps", words, "toaster"))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PEER_UNKNOWN));
  }
}
