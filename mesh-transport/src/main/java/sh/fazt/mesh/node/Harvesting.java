package sh.fazt.mesh.node;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Decides when to look for local writes: at once when the file moves after a quiet time, then in
 * short steps while it goes on, and now and then in case an event was missed.
 */
final class Harvesting {
  static final long GAP_MILLIS = 10;
  static final long POLL_MILLIS = 250;
  static final long SWEEP_MILLIS = 2_000;
  static final long RETRY_MILLIS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Harvesting.class);

  private final MeshLoop loop;
  private final Mesh mesh;
  private final Consumer<List<SignedBatch>> fresh;
  private final AtomicBoolean woken = new AtomicBoolean();
  private long lastMillis;
  private long sweptMillis;

  /** Timers of this policy. */
  private enum Name {
    GAP,
    POLL
  }

  /**
   * @param fresh given what was found, on the mesh thread
   */
  Harvesting(MeshLoop loop, Mesh mesh, Consumer<List<SignedBatch>> fresh) {
    this.loop = loop;
    this.mesh = mesh;
    this.fresh = fresh;
  }

  /** A hint that the file may have moved; from any thread. */
  void wake() {
    if (woken.compareAndSet(false, true)) {
      loop.execute(
          () -> {
            woken.set(false);
            look();
          });
    }
  }

  private void look() {
    if (loop.awaits(Name.GAP)) {
      return;
    }
    long wait = lastMillis + GAP_MILLIS - mesh.ambient().now();
    if (wait > 0 && wait <= GAP_MILLIS) {
      loop.after(wait, Name.GAP, this::look);
    } else if (mesh.changedOutside()) {
      harvest();
    }
  }

  /** Begins the regular looks. */
  void start() {
    harvest();
    poll();
  }

  private void poll() {
    loop.after(POLL_MILLIS, Name.POLL, this::poll);
    long now = mesh.ambient().now();
    if (mesh.changedOutside() || now - sweptMillis >= SWEEP_MILLIS) {
      sweptMillis = now;
      harvest();
    }
  }

  /** Takes in what there is; on the mesh thread. */
  void harvest() {
    try {
      lastMillis = mesh.ambient().now();
      List<SignedBatch> batches = mesh.harvest();
      if (!batches.isEmpty()) {
        fresh.accept(batches);
      }
      if (mesh.genesisPending()) {
        loop.execute(this::harvest);
      }
    } catch (MeshException e) {
      LOG.warn("cannot take in local writes just now ({}): {}", e.code(), e.getMessage());
      loop.after(RETRY_MILLIS, Name.GAP, this::harvest);
    }
  }
}
