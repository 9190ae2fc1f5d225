package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.node.PeerStatus.State;

/** What a node says of members that it has no link with. */
final class LargeMeshStatusTest extends LoopbackNodes {
  /** With the founder one more than are linked each with each. */
  private static final int OTHERS = 32;

  private static long count(MeshNode node, Predicate<State> which) {
    return node.peers().stream().map(PeerStatus::state).filter(which).count();
  }

  @Test
  void inALargeMeshWhoIsNotLinkedIsCalledOfflineOnlyWhereNobodyIsLinked() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("n1", vps);
    for (int i = 2; i < OTHERS; i++) {
      joiner("n" + i, invite(vps)).join();
    }
    await(() -> count(vps, State.CONNECTED::equals) == 1);
    assertThat(count(vps, State.OFFLINE::equals)).isEqualTo(OTHERS - 2);
    joiner("n" + OTHERS, invite(vps)).join();
    await(() -> vps.peers().size() == OTHERS);
    assertThat(count(vps, State.CONNECTED::equals)).isEqualTo(1);
    assertThat(count(vps, State.NOT_LINKED::equals)).isEqualTo(OTHERS - 1);
    stop(laptop);
    await(() -> count(vps, State.CONNECTED::equals) == 0);
    assertThat(count(vps, State.OFFLINE::equals)).isEqualTo(OTHERS);
  }
}
