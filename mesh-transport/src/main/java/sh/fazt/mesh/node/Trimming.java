package sh.fazt.mesh.node;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.gossip.Input;

/**
 * Says now and then what this node's tables show, and drops batches that all members have, in small
 * steps beside other work. Confined to the mesh thread.
 */
final class Trimming {
  /** Between two looks whether there is something to say or to drop. */
  static final long LOOK_MILLIS = 60_000;

  private static final Logger LOG = LoggerFactory.getLogger(Trimming.class);

  private final Agenda agenda;
  private final Mesh mesh;
  private final Consumer<Input> engine;

  private enum Timer {
    LOOK
  }

  /**
   * @param engine fed with what others are to know
   */
  Trimming(Agenda agenda, Mesh mesh, Consumer<Input> engine) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.engine = engine;
  }

  /** Begins with what was kept. */
  void start() {
    engine.accept(new Input.Trimmed(mesh.floors()));
    mesh.acknowledging().known().forEach(said -> engine.accept(new Input.Acknowledged(said)));
    look();
  }

  private void look() {
    try {
      mesh.acknowledge().ifPresent(said -> engine.accept(new Input.Acknowledged(said)));
    } catch (MeshException e) {
      LOG.debug("cannot say just now what is shown ({}): {}", e.code(), e.getMessage());
    }
    step();
  }

  private void step() {
    long start = agenda.nowMillis();
    boolean more = false;
    try {
      more = mesh.trim();
    } catch (MeshException e) {
      LOG.warn("cannot trim the log just now ({}): {}", e.code(), e.getMessage());
    }
    long now = agenda.nowMillis();
    if (more) {
      agenda.schedule(Timer.LOOK, Scrubbing.nextMillis(start, now), this::step);
    } else {
      engine.accept(new Input.Trimmed(mesh.floors()));
      agenda.schedule(Timer.LOOK, now + LOOK_MILLIS, this::look);
    }
  }
}
