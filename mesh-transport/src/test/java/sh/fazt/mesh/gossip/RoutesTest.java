package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** That no kind of input, message or timer is left without a rule, and none has two. */
final class RoutesTest {
  @Test
  void aKindWithoutARuleIsFoundBeforeAnythingHappens() {
    Routes routes = new Routes();
    routes.on(Input.Start.class, (turn, in) -> {});
    assertThatThrownBy(routes::requireAll)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no rule for ");
  }

  @Test
  void aKindHasOneRule() {
    Routes routes = new Routes();
    routes.heard(Ping.class, (turn, peer, ping) -> {});
    assertThatThrownBy(() -> routes.heard(Ping.class, (turn, peer, ping) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two rules for ");
  }
}
