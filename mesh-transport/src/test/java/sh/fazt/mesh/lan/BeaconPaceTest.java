package sh.fazt.mesh.lan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.identity.Chance;

/** When a node speaks. */
final class BeaconPaceTest {
  private final BeaconPace pace = new BeaconPace(Chance.from(new Random(1)), 0);

  /** What is said from one time to another, by a caller that comes when it is told to. */
  private List<Long> spoken(Beacon.Kind kind, long fromMillis, long toMillis) {
    List<Long> times = new ArrayList<>();
    long now = fromMillis;
    while (now < toMillis) {
      long at = now;
      pace.due(now).filter(kind::equals).ifPresent(any -> times.add(at));
      now = Math.max(now + 1, pace.nextDueMillis());
    }
    return times;
  }

  /** The questions of the start are over. */
  private static void begin(BeaconPace pace) {
    assertThat(pace.due(0)).contains(Beacon.Kind.QUESTION);
    assertThat(pace.due(999)).isEmpty();
    assertThat(pace.due(1_000)).contains(Beacon.Kind.QUESTION);
  }

  @Test
  void aNodeAsksAtOnceAndThenAnnouncesEveryThirtySeconds() {
    begin(pace);
    assertThat(pace.due(1_000)).isEmpty();
    List<Long> times = spoken(Beacon.Kind.ANNOUNCEMENT, 0, 3_600_000);
    assertThat(times).hasSizeBetween(119, 134);
    for (int i = 1; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 1)).isBetween(27_000L, 30_000L);
    }
  }

  @Test
  void aQuestionIsAnsweredAtOnceAndManyQuestionsOnceASecond() {
    begin(pace);
    pace.speakSoon(5_000);
    assertThat(spoken(Beacon.Kind.ANNOUNCEMENT, 5_000, 20_000)).singleElement().isEqualTo(at());
    List<Long> times = new ArrayList<>();
    for (long now = 20_000; now < 30_000; now++) {
      pace.speakSoon(now);
      long at = now;
      pace.due(now).ifPresent(any -> times.add(at));
    }
    assertThat(times).hasSizeBetween(9, 10);
  }

  /** Within a tenth of a second of the question, by this test's chance. */
  private static long at() {
    BeaconPace twin = new BeaconPace(Chance.from(new Random(1)), 0);
    begin(twin);
    twin.speakSoon(5_000);
    assertThat(twin.nextDueMillis()).isBetween(5_000L, 5_100L);
    return twin.nextDueMillis();
  }

  @Test
  void aScanAsksTwiceHoweverOftenItIsWanted() {
    begin(pace);
    for (int i = 0; i < 100; i++) {
      pace.ask(10_000);
    }
    assertThat(spoken(Beacon.Kind.QUESTION, 10_000, 25_000)).containsExactly(10_000L, 11_000L);
  }
}
