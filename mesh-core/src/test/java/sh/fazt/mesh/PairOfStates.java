package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import sh.fazt.mesh.fingerprint.StatePlan;

/** What tests of whole states share: those of a "vps" and a "laptop". */
abstract class PairOfStates extends PairOfReplicas {
  static final String T = "CREATE TABLE t (k TEXT PRIMARY KEY, a, b INTEGER DEFAULT 7)";
  static final String QUIET = "INSERT INTO _mesh_applying VALUES (1)";
  static final String LOUD = "DELETE FROM _mesh_applying";

  StatePlan plan(String name) {
    try (StateSource source = StateSource.open(nodes.file(name))) {
      return source.plan().plan();
    }
  }

  StateSource.Taken take(String name, StatePlan plan) {
    try (StateSource source = StateSource.open(nodes.file(name))) {
      return source.take(plan, false, () -> false);
    }
  }

  StateSource.State state(String name) {
    StatePlan common = StatePlan.Fit.of(plan("vps"), plan("laptop")).common();
    return (StateSource.State) take(name, common);
  }

  void assertEqualStates(String why) {
    assertThat(state("laptop").summary()).as(why).isEqualTo(state("vps").summary());
    assertThat(state("laptop").rows().root()).as(why).isEqualTo(state("vps").rows().root());
  }
}
