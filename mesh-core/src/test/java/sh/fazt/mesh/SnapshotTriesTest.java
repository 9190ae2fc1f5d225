package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.clock.Stopwatch;

/** A snapshot is of a moment in which all is taken in; such a moment is not looked for for ever. */
class SnapshotTriesTest extends PairOfReplicas {
  private static final int TRIES = 20;

  private final AtomicBoolean writing = new AtomicBoolean();
  private int locks;

  /** Whenever the mesh looks at a clock a program writes, unless the mesh has the lock. */
  private long write(long time) {
    if (writing.get()) {
      try {
        nodes.app("vps").run("INSERT INTO t DEFAULT VALUES");
      } catch (IllegalStateException e) {
        assertThat(e).hasStackTraceContaining("SQLITE_BUSY");
      }
    }
    return time;
  }

  private final class Busy implements Stopwatch {
    @Override
    public long nanos() {
      return write(0);
    }

    @Override
    public void pause(long nanos) {
      locks++;
      write(0);
    }
  }

  @Test
  void whereProgramsWriteBetweenAllLooksThereIsNoSnapshotUntilTheyPause() {
    pair("CREATE TABLE t (id INTEGER PRIMARY KEY)");
    nodes.closeMesh("vps");
    nodes.app("vps").run("PRAGMA busy_timeout = 0");
    Ambient busy = new Ambient(() -> write(nodes.nowMillis), nodes.ambient().chance(), new Busy());
    try (Mesh mesh = Mesh.open(nodes.file("vps"), busy)) {
      locks = 0;
      writing.set(true);
      assertThat(mesh.snapshot()).isEmpty();
      assertThat(locks).as("one to take in and one to look").isGreaterThanOrEqualTo(2 * TRIES);
      writing.set(false);
      Optional<SnapshotSource> source = mesh.snapshot();
      assertThat(source).isPresent();
      source.get().close();
    }
  }
}
