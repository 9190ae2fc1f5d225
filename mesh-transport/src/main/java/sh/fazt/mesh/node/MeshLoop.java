package sh.fazt.mesh.node;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one mesh thread. Anything may hand it work; work runs in order, one piece at a time, and what
 * it throws is logged, never lost.
 */
final class MeshLoop implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MeshLoop.class);
  private static final long STOP_MILLIS = 10_000;

  private final ScheduledThreadPoolExecutor thread;
  private final Map<Object, ScheduledFuture<?>> timers = new HashMap<>();

  MeshLoop() {
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread made = new Thread(work, "mesh");
              made.setDaemon(true);
              return made;
            });
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Queues {@code work}; dropped once the loop is closed. */
  @Override
  public void execute(Runnable work) {
    try {
      thread.execute(() -> guarded(work));
    } catch (RejectedExecutionException e) {
      LOG.debug("work after the end", e);
    }
  }

  /** Runs {@code work} on the mesh thread and tells what came of it. */
  <T> CompletableFuture<T> ask(Supplier<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      thread.execute(
          () -> {
            try {
              answer.complete(work.get());
            } catch (RuntimeException | Error e) {
              answer.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  /** Runs {@code work} after a while, in place of what was set under {@code name} before. */
  void after(long delayMillis, Object name, Runnable work) {
    cancel(name);
    try {
      timers.put(
          name,
          thread.schedule(
              () -> {
                timers.remove(name);
                guarded(work);
              },
              Math.max(0, delayMillis),
              TimeUnit.MILLISECONDS));
    } catch (RejectedExecutionException e) {
      LOG.debug("a timer after the end", e);
    }
  }

  /** Whether something is set under {@code name}. */
  boolean awaits(Object name) {
    return timers.containsKey(name);
  }

  void cancel(Object name) {
    ScheduledFuture<?> former = timers.remove(name);
    if (former != null) {
      former.cancel(false);
    }
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      LOG.error("the mesh thread met a fault", e);
    }
  }

  /** Finishes what is queued, then ends the thread; not to be called on it. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
        LOG.warn("the mesh thread did not end within {} ms", STOP_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
