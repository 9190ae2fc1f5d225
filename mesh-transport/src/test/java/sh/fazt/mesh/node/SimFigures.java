package sh.fazt.mesh.node;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What a simulated run came to.
 *
 * @param millis from the end of the faults until all nodes were equal
 * @param written transactions that were committed
 * @param counts how often what went wrong was met, by its name
 * @param trace of all that happened
 */
record SimFigures(
    long millis,
    int written,
    int statements,
    long frames,
    long bytes,
    SortedMap<String, Long> counts,
    long trace) {
  SimFigures {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  /** Rounds of anti-entropy until all were equal, the last one counted in full. */
  long rounds() {
    return (millis + SimWorld.ROUND_MILLIS - 1) / SimWorld.ROUND_MILLIS;
  }

  private static LongSummaryStatistics of(List<SimFigures> all, ToLongFunction<SimFigures> figure) {
    return all.stream().mapToLong(figure).summaryStatistics();
  }

  /** How often what went wrong was met in all of them. */
  static SortedMap<String, Long> counts(List<SimFigures> all) {
    SortedMap<String, Long> sum = new TreeMap<>();
    all.forEach(each -> each.counts().forEach((what, count) -> sum.merge(what, count, Long::sum)));
    return sum;
  }

  /** Many runs in a few lines. */
  static String summary(List<SimFigures> all) {
    LongSummaryStatistics millis = of(all, SimFigures::millis);
    LongSummaryStatistics rounds = of(all, SimFigures::rounds);
    return String.format(
        Locale.ROOT,
        """
        %d seeds, %,d statements in %,d transactions, all equal
        met: %s
        until equal: %.1f s on average, %.1f s at most; rounds of anti-entropy: %.2f, %d at most
        frames: %,d, bytes: %,d""",
        all.size(),
        of(all, SimFigures::statements).getSum(),
        of(all, SimFigures::written).getSum(),
        counts(all).entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.joining(", ")),
        millis.getAverage() / 1_000,
        millis.getMax() / 1_000.0,
        rounds.getAverage(),
        rounds.getMax(),
        of(all, SimFigures::frames).getSum(),
        of(all, SimFigures::bytes).getSum());
  }
}
