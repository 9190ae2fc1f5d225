package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two cores, one after the other, on one mesh thread. */
@Timeout(30)
final class AgendaTest {
  private final MeshLoop loop = new MeshLoop("mesh-test", 1_000_000, fault -> {});
  private final Agenda former = new Agenda(loop);
  private final Agenda next = new Agenda(loop);
  private final List<String> ran = new ArrayList<>();

  /** Until all that is due has run. */
  private void run() {
    CompletableFuture<Boolean> fired = new CompletableFuture<>();
    loop.schedule(fired, loop.nowMillis() + 1, () -> fired.complete(true));
    loop.start();
    fired.join();
    loop.close();
  }

  @Test
  void whatItLeavesBehindNeverRuns() {
    former.submit(() -> ran.add("task"));
    former.schedule("timer", loop.nowMillis(), () -> ran.add("timer"));
    former.end();
    former.submit(() -> ran.add("late task"));
    former.schedule("late timer", loop.nowMillis(), () -> ran.add("late timer"));
    run();
    assertThat(ran).isEmpty();
    assertThat(former.isScheduled("late timer")).isFalse();
  }

  @Test
  void keysOfOneDoNotTouchTheOther() {
    former.schedule("timer", loop.nowMillis(), () -> ran.add("former"));
    assertThat(next.isScheduled("timer")).isFalse();
    next.schedule("timer", loop.nowMillis(), () -> ran.add("next"));
    next.schedule("cancelled", loop.nowMillis(), () -> ran.add("cancelled"));
    next.cancel("cancelled");
    former.end();
    assertThat(next.isScheduled("timer")).isTrue();
    run();
    assertThat(ran).containsExactly("next");
    assertThat(next.isScheduled("timer")).isFalse();
  }
}
