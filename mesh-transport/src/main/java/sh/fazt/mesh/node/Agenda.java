package sh.fazt.mesh.node;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * What one core puts on the mesh thread: tasks, and timers under keys of its own. Once it has ended
 * nothing of it runs any more, and none of its timers stands in the way of the next core's. {@link
 * #submit} and {@link #nowMillis} are thread-safe; the rest belongs to the mesh thread.
 */
final class Agenda {
  private final Loop loop;
  private final Set<Object> keys = new HashSet<>();
  private boolean ended;

  Agenda(Loop loop) {
    this.loop = loop;
  }

  private record Key(Agenda agenda, Object key) {}

  /** See {@link Loop#nowMillis}. */
  long nowMillis() {
    return loop.nowMillis();
  }

  /** Has {@code task} run on the mesh thread, unless this has ended by then. */
  void submit(Runnable task) {
    loop.submit(
        () -> {
          if (!ended) {
            task.run();
          }
        });
  }

  /** Runs {@code action} then; replaces the timer of this agenda that has an equal key. */
  void schedule(Object key, long dueMillis, Runnable action) {
    if (!ended) {
      keys.add(key);
      loop.schedule(
          new Key(this, key),
          dueMillis,
          () -> {
            keys.remove(key);
            action.run();
          });
    }
  }

  /** Whether a timer with that key waits. */
  boolean isScheduled(Object key) {
    return keys.contains(key);
  }

  void cancel(Object key) {
    keys.remove(key);
    loop.cancel(new Key(this, key));
  }

  /** See {@link Loop#beside}. */
  ExecutorService beside(String name) {
    return loop.beside(name);
  }

  /** See {@link Loop#fail}. */
  void fail(Throwable reason) {
    loop.fail(reason);
  }

  /** Drops all that waits, and all that is put here from now on. */
  void end() {
    ended = true;
    Set.copyOf(keys).forEach(this::cancel);
  }
}
