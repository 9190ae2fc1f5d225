package sh.fazt.mesh.node;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.MeshException;

/**
 * Looks through all rows for what no trigger told of, in small steps, as long as others write to
 * the file; a file that rests costs nothing. Confined to the mesh thread.
 */
final class Scrubbing {
  /**
   * From the beginning of a page to the next, unless the page took half of that: a million rows,
   * each looked at from its row and from its shadow, take under a minute.
   */
  static final long STEP_MILLIS = 40;

  /** Between the end of one walk through all rows and the next, at least. */
  static final long REST_MILLIS = 5_000;

  /** How much longer it rests than it has worked. */
  static final int REST_FACTOR = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Scrubbing.class);

  private final Agenda agenda;
  private final Mesh mesh;
  private final Runnable found;
  private long sinceMillis;
  private long startedMillis;
  private long workMillis;
  private long notBeforeMillis;
  private boolean walking;
  private boolean due = true;

  private enum Timer {
    SCRUB
  }

  /**
   * @param found run after each page, to take in what it may have found
   */
  Scrubbing(Agenda agenda, Mesh mesh, Runnable found) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.found = found;
  }

  /** Begins the first walk, in which what is found has no time: it is older than all that has. */
  void start() {
    sinceMillis = 1;
    plan();
  }

  /** Another program has written to the file. */
  void written() {
    due = true;
    plan();
  }

  private void plan() {
    if (due && !walking && !agenda.isScheduled(Timer.SCRUB)) {
      agenda.schedule(Timer.SCRUB, Math.max(agenda.nowMillis(), notBeforeMillis), this::begin);
    }
  }

  private void begin() {
    due = false;
    walking = true;
    workMillis = 0;
    startedMillis = mesh.ambient().now();
    step();
  }

  private void step() {
    long start = agenda.nowMillis();
    boolean more;
    try {
      more = mesh.scrub(sinceMillis);
    } catch (MeshException e) {
      LOG.warn("cannot look through the rows just now ({}): {}", e.code(), e.getMessage());
      agenda.schedule(Timer.SCRUB, agenda.nowMillis() + REST_MILLIS, this::step);
      return;
    }
    found.run();
    long now = agenda.nowMillis();
    workMillis += now - start;
    if (more) {
      agenda.schedule(Timer.SCRUB, nextMillis(start, now), this::step);
    } else {
      walking = false;
      sinceMillis = startedMillis;
      notBeforeMillis = agenda.nowMillis() + Math.max(REST_MILLIS, workMillis * REST_FACTOR);
      plan();
    }
  }

  /** When the next page is due: the file is left alone at least as long as it was worked on. */
  static long nextMillis(long startMillis, long nowMillis) {
    return Math.max(startMillis + STEP_MILLIS, nowMillis + (nowMillis - startMillis));
  }
}
