package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.EarlyWrites;
import sh.fazt.mesh.LogFigures;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.SetAside;
import sh.fazt.mesh.Waiting;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.node.PeerStatus;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.Role;

final class WarningsTest {
  private static final int SHOWN = 5;

  private static List<String> messages(List<Waiting> waiting, List<SetAside> aside) {
    MeshView.Figures figures =
        new MeshView.Figures(
            1, 1, 1, 0, 0, waiting, List.of(), aside, 0, 0, EarlyWrites.NONE, LogFigures.NONE);
    return Warnings.of(figures).stream().map(Json.Obj::toString).toList();
  }

  private static List<Waiting> waiting(int tables) {
    return IntStream.range(0, tables)
        .mapToObj(i -> new Waiting("t" + i, Waiting.Reason.TABLE_MISSING, "", 10, 1, 0))
        .toList();
  }

  private static List<SetAside> aside(int tables) {
    return IntStream.range(0, tables)
        .mapToObj(i -> new SetAside("t" + i, 10, 1, "k", "UNIQUE (v)"))
        .toList();
  }

  @Test
  void beyondFiveOfAKindTheRestIsSummedUp() {
    assertThat(messages(waiting(SHOWN), aside(SHOWN))).hasSize(2 * SHOWN);
    assertThat(messages(waiting(SHOWN + 2), List.of()))
        .hasSize(SHOWN + 1)
        .last()
        .asString()
        .contains("20 more changes wait");
    assertThat(messages(List.of(), aside(SHOWN + 2)))
        .hasSize(SHOWN + 1)
        .last()
        .asString()
        .contains("20 more rows are set aside");
  }

  /** What is said of a peer whose clock is off by so much. */
  private static List<Json.Obj> ofClock(long offsetMillis) {
    return Warnings.of(
        new PeerStatus(
            new NodeId("fazt_nod_8sPq2LmX0aZr"),
            "vps",
            "jay",
            Role.FULL,
            PeerStatus.State.CONNECTED,
            "direct",
            "203.0.113.7:8443",
            OptionalLong.empty(),
            0,
            0,
            0,
            OptionalLong.of(offsetMillis),
            "0.1.0"));
  }

  @Test
  void aClockThatIsOffByMoreThanTheLimitIsToldOf() {
    long most = 300_000;
    assertThat(ofClock(most)).isEmpty();
    assertThat(ofClock(-most)).isEmpty();
    for (long offset : List.of(most + 1, -most - 1)) {
      assertThat(ofClock(offset))
          .singleElement()
          .satisfies(told -> assertThat(told.text("code")).isEqualTo("CLOCK_SKEW"));
    }
  }
}
