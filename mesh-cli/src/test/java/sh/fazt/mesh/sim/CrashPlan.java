package sh.fazt.mesh.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What dies, and when, drawn from a seed: the same seed gives the same plan, though not the same
 * interleaving, which is the machine's. Half of the deaths come at any time, half at a moment at
 * which something is half done.
 */
final class CrashPlan {
  private static final int STEPS = 12;
  private static final int DELAY_MICROS_MAX = 300_000;
  private static final int MOMENT_MICROS_MAX = 4_000;

  private final Random chance;
  private int rounds;

  CrashPlan(long seed) {
    this.chance = new Random(seed);
  }

  /** What dies, or what is done just before it does. */
  enum Kind {
    APP,
    DAEMON,
    BOTH_DAEMONS,
    EVERYTHING,
    /** A daemon, just after the other was told that it holds all. */
    HOLDER,
    /** A daemon, just after the schema was changed. */
    MIGRATED
  }

  /** What is waited for before the delay. */
  enum Moment {
    /** Nothing: the daemon may still be opening the database. */
    ANY,
    SERVING,
    /** The high-water mark has moved: a batch is committed and is about to leave. */
    MARK,
    /** The write-ahead log moves: somebody is in the middle of a transaction. */
    LOG,
    /** A commit was acknowledged to the application. */
    COMMIT
  }

  /**
   * One death.
   *
   * @param side 0 or 1
   */
  record Step(Kind kind, int side, Moment moment, int delayMicros) {}

  /** Whether a newcomer's join and leave are cut short beside the other deaths. */
  enum Guest {
    NONE,
    FOUNDS,
    JOINS
  }

  /** Deaths, after which all must be well. */
  record Round(int number, List<Step> steps, Guest guest, long seed) {}

  Round next() {
    rounds++;
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      steps.add(step());
    }
    Guest guest = rounds % 5 == 1 ? Guest.JOINS : rounds % 5 == 3 ? Guest.FOUNDS : Guest.NONE;
    return new Round(rounds, steps, guest, chance.nextLong());
  }

  private Step step() {
    Kind kind = kind(chance.nextInt(100));
    Moment moment =
        kind == Kind.APP
            ? chance.nextBoolean() ? Moment.ANY : Moment.COMMIT
            : Moment.values()[chance.nextInt(Moment.values().length)];
    boolean loose = moment == Moment.ANY || moment == Moment.SERVING;
    int delay = chance.nextInt(loose ? DELAY_MICROS_MAX : MOMENT_MICROS_MAX);
    return new Step(kind, chance.nextInt(2), moment, kind == Kind.HOLDER ? 0 : delay);
  }

  private static Kind kind(int drawn) {
    return drawn < 62
        ? Kind.APP
        : drawn < 82
            ? Kind.DAEMON
            : drawn < 86
                ? Kind.BOTH_DAEMONS
                : drawn < 90 ? Kind.EVERYTHING : drawn < 96 ? Kind.HOLDER : Kind.MIGRATED;
  }
}
