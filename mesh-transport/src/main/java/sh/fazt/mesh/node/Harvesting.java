package sh.fazt.mesh.node;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Looks for local writes: at once when the file moves after a quiet time, then in short steps while
 * it goes on, and now and then in case a sign was missed. Confined to the mesh thread, but for
 * {@link #wake}.
 */
final class Harvesting {
  /** Between two looks while writes go on. */
  static final long GAP_MILLIS = 10;

  /** How much longer to wait for the next write to give the sign. */
  static final long SLACK_MILLIS = 15;

  /** Between two looks while writes go on, where a look takes long. */
  static final long GAP_MILLIS_MAX = 500;

  /** Between two looks without a sign. */
  static final long POLL_MILLIS = 250;

  /** Between two harvests without a reason, for what waits for its time. */
  static final long SWEEP_MILLIS = 2_000;

  /** Looks after a sign, each after twice the time: 1, 2, 4 … 32 ms. */
  private static final int LOOKS = 6;

  /** Until the next try after the database refused; twice as long each time. */
  static final long RETRY_MILLIS = 100;

  /** Until the next try, at most. */
  static final long RETRY_MILLIS_MAX = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(Harvesting.class);

  private final Agenda agenda;
  private final Mesh mesh;
  private final Consumer<List<SignedBatch>> fresh;
  private final Runnable restored;
  private final HarvestPace pace = new HarvestPace(GAP_MILLIS, GAP_MILLIS_MAX);
  private final Scrubbing scrubbing;
  private final OpenedFile opened;
  private final AtomicBoolean woken = new AtomicBoolean();
  private long sweepMillis;
  private long retryMillis;
  private Optional<MeshException> hindrance = Optional.empty();
  private int looksLeft;

  /** Timers of this policy. */
  private enum Timer {
    LOOK,
    MORE,
    POLL,
    RETRY
  }

  /**
   * @param fresh given what was found
   * @param restored run when the database must be opened again
   */
  Harvesting(Agenda agenda, Mesh mesh, Consumer<List<SignedBatch>> fresh, Runnable restored) {
    this.restored = restored;
    this.agenda = agenda;
    this.mesh = mesh;
    this.fresh = fresh;
    this.opened = OpenedFile.at(mesh.file());
    this.scrubbing = new Scrubbing(agenda, mesh, this::harvest);
  }

  /** A sign that the file may have moved; from any thread. */
  void wake() {
    if (woken.compareAndSet(false, true)) {
      agenda.submit(
          () -> {
            woken.set(false);
            signed();
          });
    }
  }

  private void signed() {
    looksLeft = LOOKS;
    long due = pace.dueMillis(agenda.nowMillis());
    if (due <= agenda.nowMillis()) {
      look();
    } else if (!agenda.isScheduled(Timer.LOOK)) {
      // In a crowd a sign after the gap comes first, if one comes: the file is free just after a
      // write.
      agenda.schedule(Timer.LOOK, due + (pace.isCrowded() ? SLACK_MILLIS : 0), this::look);
    }
  }

  /**
   * Looks, and if nothing has changed, again in a moment: the sign comes with the first byte of a
   * write, the commit a little later and without a sign.
   */
  private void look() {
    if (mesh.changedOutside()) {
      harvest();
      scrubbing.written();
    } else if (looksLeft > 0) {
      looksLeft--;
      long wait = 1L << (LOOKS - 1 - looksLeft);
      agenda.schedule(Timer.LOOK, agenda.nowMillis() + wait, this::look);
    }
  }

  /** Begins the regular looks. */
  void start() {
    harvest();
    poll();
    scrubbing.start();
  }

  private void poll() {
    Optional<MeshException> lost = opened.lost();
    if (lost.isPresent()) {
      agenda.fail(lost.get());
      return;
    }
    long now = agenda.nowMillis();
    agenda.schedule(Timer.POLL, now + POLL_MILLIS, this::poll);
    if (now >= sweepMillis) {
      sweepMillis = now + SWEEP_MILLIS;
      harvest();
    } else {
      look();
    }
  }

  /** What peers sent may be more than was shown at once: the rest is shown by turns. */
  void goOn() {
    if (mesh.hasMore() && !agenda.isScheduled(Timer.MORE)) {
      agenda.schedule(Timer.MORE, agenda.nowMillis(), this::harvest);
    }
  }

  /** Takes in what there is. */
  void harvest() {
    long start = agenda.nowMillis();
    try {
      List<SignedBatch> batches = mesh.harvest();
      unhindered();
      if (!batches.isEmpty()) {
        fresh.accept(batches);
      }
      goOn();
    } catch (MeshException e) {
      hindered(e);
    }
    // Whoever wrote first has noticed it, which may have been a peer's batch.
    if (mesh.mustReopen()) {
      restored.run();
    }
    pace.looked(start, agenda.nowMillis());
  }

  private void unhindered() {
    if (isHindered()) {
      LOG.info("local writes are taken in again");
    }
    hindrance = Optional.empty();
    retryMillis = 0;
    agenda.cancel(Timer.RETRY);
  }

  /** Tries again, by and by; what goes on is said once. */
  private void hindered(MeshException e) {
    boolean known =
        hindrance.map(Throwable::getMessage).equals(Optional.ofNullable(e.getMessage()));
    if (!known) {
      LOG.warn("cannot take in local writes just now ({}): {}", e.code(), e.getMessage());
    }
    hindrance = Optional.of(e);
    retryMillis = Math.min(RETRY_MILLIS_MAX, Math.max(RETRY_MILLIS, 2 * retryMillis));
    agenda.schedule(Timer.RETRY, agenda.nowMillis() + retryMillis, this::harvest);
  }

  /** Whether the last look has failed, so that nobody knows what there is to take in. */
  boolean isHindered() {
    return hindrance.isPresent();
  }

  /** Why it did. */
  Optional<MeshException> hindrance() {
    return hindrance;
  }
}
