package sh.fazt.mesh.node;

import java.util.concurrent.ExecutorService;

/**
 * What everything of one node runs on: one task at a time, in the order of their coming, and
 * timers. {@link #submit} and {@link #nowMillis} are thread-safe; the rest belongs to the loop.
 *
 * <p>Law: nothing runs inside the call that asks for it; no timer fires before its time, and
 * between two timers what has come from links has its turn.
 */
interface Loop {
  /** Milliseconds that only grow, near the wall clock at the start. */
  long nowMillis();

  /** Has {@code task} run; dropped once the loop has ended. */
  void submit(Runnable task);

  /** Runs {@code action} then; replaces the timer that has an equal key. */
  void schedule(Object key, long dueMillis, Runnable action);

  /** Forgets the timer that has an equal key, if there is one. */
  void cancel(Object key);

  /** Does work that takes long beside the loop, one task after the other; shut it down. */
  ExecutorService beside(String name);

  /** Ends the loop with this task, for a reason that leaves nothing to go on with. */
  void fail(Throwable reason);
}
