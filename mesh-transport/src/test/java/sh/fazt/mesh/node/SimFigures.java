package sh.fazt.mesh.node;

import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.function.ToLongFunction;

/**
 * What a simulated run came to.
 *
 * @param millis from the end of the faults until all nodes were equal
 * @param written transactions that were committed
 * @param trace of all that happened
 */
record SimFigures(long millis, int written, int faults, long frames, long bytes, long trace) {
  /** Rounds of anti-entropy until all were equal, the last one counted in full. */
  long rounds() {
    return (millis + SimWorld.ROUND_MILLIS - 1) / SimWorld.ROUND_MILLIS;
  }

  private static LongSummaryStatistics of(List<SimFigures> all, ToLongFunction<SimFigures> figure) {
    return all.stream().mapToLong(figure).summaryStatistics();
  }

  /** Many runs in a few lines. */
  static String summary(List<SimFigures> all) {
    LongSummaryStatistics millis = of(all, SimFigures::millis);
    LongSummaryStatistics rounds = of(all, SimFigures::rounds);
    return String.format(
        Locale.ROOT,
        """
        %d seeds, %d transactions, %d faults, all equal
        until equal: %.1f s on average, %.1f s at most; rounds of anti-entropy: %.2f, %d at most
        frames: %,d, bytes: %,d""",
        all.size(),
        of(all, SimFigures::written).getSum(),
        of(all, SimFigures::faults).getSum(),
        millis.getAverage() / 1_000,
        millis.getMax() / 1_000.0,
        rounds.getAverage(),
        rounds.getMax(),
        of(all, SimFigures::frames).getSum(),
        of(all, SimFigures::bytes).getSum());
  }
}
