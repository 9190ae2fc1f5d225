package sh.fazt.mesh.node;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sh.fazt.mesh.fault.MeshException;

/**
 * The time of a simulated world: events in the order of their moments, those of one moment in an
 * order that the seed decides. All chance of the world comes from here, and all that happens is
 * noted: one seed has one trace.
 */
final class SimTime {
  /** Before any real clock, so that none of the machine's times can be the later one. */
  static final long START_MILLIS = 1_700_000_000_000L;

  private static final int STORY_MAX = 60;

  final Random random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::at)
              .thenComparingInt(Event::draw)
              .thenComparingLong(Event::number));
  private final Deque<String> story = new ArrayDeque<>();
  private long nowMillis = START_MILLIS;
  private long number;
  private long trace;
  private final SortedMap<String, Long> counts = new TreeMap<>();

  SimTime(long seed) {
    this.random = new Random(seed);
  }

  private record Event(long at, int draw, long number, Runnable action) {}

  long nowMillis() {
    return nowMillis;
  }

  /** Since the beginning, as people read it. */
  String clock() {
    return String.format(Locale.ROOT, "%.3f", (nowMillis - START_MILLIS) / 1_000.0);
  }

  void at(long millis, Runnable action) {
    events.add(new Event(Math.max(nowMillis, millis), random.nextInt(), number++, action));
  }

  void in(long millis, Runnable action) {
    at(nowMillis + millis, action);
  }

  /** Lets so much time pass. */
  void run(long millis) {
    long end = nowMillis + millis;
    while (!events.isEmpty() && events.element().at() <= end) {
      Event event = events.remove();
      nowMillis = event.at();
      event.action().run();
    }
    nowMillis = end;
  }

  /** Whether that happens which happens so often in a thousand. */
  boolean happens(int perMille) {
    return random.nextInt(1_000) < perMille;
  }

  /** From {@code min} to {@code max}, both included. */
  long between(long min, long max) {
    return min + random.nextInt((int) (max - min + 1));
  }

  /** Counts what happened, by its name. */
  void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  /** How often each of what is counted has happened. */
  SortedMap<String, Long> counts() {
    return new TreeMap<>(counts);
  }

  /** Takes down what happened. */
  void trace(long what) {
    trace = (trace ^ what ^ nowMillis) * 0x100000001b3L;
    trace ^= trace >>> 29;
  }

  /** Takes down what happened, to be told if it goes wrong. */
  void tell(String what) {
    trace(what.hashCode());
    story(what);
  }

  /** As {@link #tell(String)}; the reason names files, which are others in each run. */
  void tell(String what, MeshException why) {
    trace(what.hashCode());
    trace(why.code().name().hashCode());
    story(what + ": " + why.getMessage());
  }

  private void story(String what) {
    story.add(clock() + " " + what);
    if (story.size() > STORY_MAX) {
      story.remove();
    }
  }

  /** A number that differs as soon as anything that happened differs. */
  long trace() {
    return trace;
  }

  /** What was told last. */
  String story() {
    return story.stream().collect(Collectors.joining("\n  ", "  ", ""));
  }
}
