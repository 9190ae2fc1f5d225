package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.StateSource;
import sh.fazt.mesh.fingerprint.StateLimits;

/**
 * Reads states on a thread of its own, one thing after the other, so that the mesh thread and the
 * application go on meanwhile. Its methods belong to the mesh thread.
 */
final class StateDesk {
  /** After which what was read is forgotten. */
  static final long IDLE_MILLIS = 60_000;

  private static final long ROWS_MAX =
      Runtime.getRuntime().maxMemory() / StateLimits.HEAP_BYTES_PER_ROW;

  private static final long END_SECONDS = 5;
  private static final Logger LOG = LoggerFactory.getLogger(StateDesk.class);

  private final Agenda agenda;
  private final Path file;
  private final long rowsMax;
  private final ExecutorService thread;
  private final AtomicBoolean ending = new AtomicBoolean();

  /** Of the desk's own thread. */
  private Optional<StateSource> source = Optional.empty();

  private enum Timer {
    IDLE
  }

  StateDesk(Agenda agenda, Path file) {
    this(agenda, file, ROWS_MAX);
  }

  /** The same, for states of so many rows at most. */
  StateDesk(Agenda agenda, Path file, long rowsMax) {
    this.agenda = agenda;
    this.file = file;
    this.rowsMax = rowsMax;
    this.thread = agenda.beside("mesh-states");
  }

  /**
   * Has work done on the desk's thread.
   *
   * @param then told on the mesh thread what came of it; nothing if it could not be done
   */
  <T> void ask(Function<StateSource, T> work, Consumer<Optional<T>> then) {
    agenda.schedule(Timer.IDLE, agenda.nowMillis() + IDLE_MILLIS, this::rest);
    submit(
        () -> {
          Optional<T> result = done(work);
          agenda.submit(() -> then.accept(result));
        });
  }

  /** Whether whoever works on the desk's thread should stop. From any thread. */
  boolean isEnding() {
    return ending.get();
  }

  private <T> Optional<T> done(Function<StateSource, T> work) {
    try {
      if (source.isEmpty()) {
        source = Optional.of(StateSource.open(file, rowsMax));
      }
      return Optional.of(work.apply(source.get()));
    } catch (RuntimeException e) {
      // Justification: what is compared may be damaged in any way; the node must go on.
      LOG.warn("cannot compare states: {}", e.toString());
      close();
      return Optional.empty();
    }
  }

  private void rest() {
    submit(this::close);
  }

  private void submit(Runnable work) {
    try {
      thread.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("the desk is closed", e);
    }
  }

  private void close() {
    source.ifPresent(StateSource::close);
    source = Optional.empty();
  }

  /** Ends what is under way and closes the file. */
  void end() {
    ending.set(true);
    submit(this::close);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a comparison of states did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
