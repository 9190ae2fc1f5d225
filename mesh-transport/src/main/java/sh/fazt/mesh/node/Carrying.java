package sh.fazt.mesh.node;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Passes on what this node holds of forked sites. Each node waits a while of its own length, so
 * that of many who hold the same branch the first one spares the others the work. Confined to the
 * mesh thread.
 */
final class Carrying {
  /** The longest wait. */
  static final int WAIT_MILLIS_MAX = 2_000;

  /** Until the next try where it was not possible. */
  static final long RETRY_MILLIS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Carrying.class);

  private final Agenda agenda;
  private final Mesh mesh;
  private final Consumer<List<SignedBatch>> fresh;

  private enum Timer {
    CARRY
  }

  /**
   * @param fresh given what was signed
   */
  Carrying(Agenda agenda, Mesh mesh, Consumer<List<SignedBatch>> fresh) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.fresh = fresh;
  }

  /** Looks, in a while, whether there is something to carry. */
  void plan() {
    if (!agenda.isScheduled(Timer.CARRY)) {
      long wait = (mesh.ambient().chance().bytes(2).at(0) & 0xff) * (long) WAIT_MILLIS_MAX / 256;
      agenda.schedule(Timer.CARRY, agenda.nowMillis() + wait, this::carry);
    }
  }

  private void carry() {
    boolean more = true;
    try {
      more = mesh.branches().carry();
      List<SignedBatch> signed = mesh.takeFresh();
      if (!signed.isEmpty()) {
        fresh.accept(signed);
      }
    } catch (MeshException e) {
      LOG.warn("cannot pass on a branch just now ({}): {}", e.code(), e.getMessage());
    }
    if (more) {
      agenda.schedule(Timer.CARRY, agenda.nowMillis() + RETRY_MILLIS, this::carry);
    }
  }
}
