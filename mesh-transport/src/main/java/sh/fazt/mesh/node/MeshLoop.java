package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.fault.MeshException;

/**
 * The one mesh thread: tasks from any thread in the order of their coming, and timers. Its time is
 * {@link #nowMillis}, which never goes back. {@link #submit}, {@link #nowMillis} and {@link #close}
 * are thread-safe; the rest belongs to the mesh thread.
 *
 * <p>Timers fire only when no task waits, so what came from a link is heard before the link is
 * called silent; but after so many tasks they have their turn.
 */
final class MeshLoop implements Loop, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MeshLoop.class);

  /** Tasks between two looks at the timers. */
  private static final int TASKS_MAX = 512;

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final Map<Long, CompletableFuture<?>> asked = new ConcurrentHashMap<>();
  private final AtomicLong asks = new AtomicLong();
  private final Map<Object, Timer> timers = new HashMap<>();
  private final Consumer<Throwable> onFault;
  private final Thread thread;
  private final long startNanos = System.nanoTime();
  private final long startMillis;
  private Runnable onRest = () -> {};
  private Runnable onEnd = () -> {};
  private boolean stopping;
  private boolean failed;
  private volatile boolean ended;

  /**
   * @param startMillis the wall clock now; the loop's time begins there
   * @param onFault told on the mesh thread when a task throws what is no {@link MeshException},
   *     after which the loop ends
   */
  MeshLoop(String name, long startMillis, Consumer<Throwable> onFault) {
    this.startMillis = startMillis;
    this.onFault = onFault;
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  @Override
  public long nowMillis() {
    return startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }

  @Override
  public void submit(Runnable task) {
    tasks.add(task);
  }

  /** Has {@code work} run on the mesh thread and tells what came of it. */
  <T> CompletableFuture<T> ask(Supplier<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    long ask = asks.incrementAndGet();
    asked.put(ask, answer);
    submit(
        () -> {
          try {
            answer.complete(work.get());
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    answer.whenComplete((result, failure) -> asked.remove(ask));
    if (ended || !thread.isAlive()) {
      refuseAsked();
    }
    return answer;
  }

  private void refuseAsked() {
    for (CompletableFuture<?> answer : asked.values()) {
      answer.completeExceptionally(new IllegalStateException("the mesh thread has ended"));
    }
  }

  /** What to do whenever no task waits, or after so many; for work that is better done together. */
  void onRest(Runnable work) {
    onRest = work;
  }

  /** What to do last on the mesh thread, however the loop ends. */
  void onEnd(Runnable work) {
    onEnd = work;
  }

  @Override
  public ExecutorService beside(String name) {
    return Executors.newSingleThreadExecutor(
        work -> {
          Thread beside = new Thread(work, name);
          beside.setDaemon(true);
          return beside;
        });
  }

  @Override
  public void fail(Throwable reason) {
    stopping = true;
    failed = true;
    onFault.accept(reason);
  }

  @Override
  public void schedule(Object key, long dueMillis, Runnable action) {
    timers.put(key, new Timer(dueMillis, action));
  }

  /** Whether a timer with that key waits. */
  boolean isScheduled(Object key) {
    return timers.containsKey(key);
  }

  @Override
  public void cancel(Object key) {
    timers.remove(key);
  }

  boolean isOnThread() {
    return Thread.currentThread() == thread;
  }

  /** Ends the loop after the tasks that were submitted before; waits for that. */
  @Override
  public void close() {
    submit(() -> stopping = true);
    if (isOnThread()) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs one piece; what the world refuses it is logged, and the loop goes on. */
  private static void runOne(Runnable work) {
    try {
      work.run();
    } catch (MeshException e) {
      LOG.warn("left undone ({}): {}", e.code(), e.getMessage());
    }
  }

  private void run() {
    try {
      while (!stopping) {
        runTasks();
        if (!failed) {
          runOne(onRest);
          fireTimers();
        }
      }
    } catch (InterruptedException e) {
      onFault.accept(e);
    } catch (RuntimeException | Error e) {
      onFault.accept(e);
    } finally {
      end();
    }
  }

  private void end() {
    try {
      onEnd.run();
    } catch (RuntimeException e) {
      LOG.warn("the end was not clean", e);
    } finally {
      // Whoever asks from now on looks at this after asking, while the thread still lives.
      ended = true;
      refuseAsked();
    }
  }

  /** Waits for a task or a timer, then runs what is there. */
  private void runTasks() throws InterruptedException {
    long waitMillis = Math.max(0, nextDueMillis() - nowMillis());
    @Nullable Runnable task = tasks.poll(waitMillis, TimeUnit.MILLISECONDS);
    for (int i = 0; task != null && !failed && i < TASKS_MAX; i++) {
      runOne(task);
      task = i + 1 < TASKS_MAX ? tasks.poll() : null;
    }
  }

  private void fireTimers() {
    long now = nowMillis();
    List<Object> due = new ArrayList<>();
    timers.forEach(
        (key, timer) -> {
          if (timer.dueMillis <= now) {
            due.add(key);
          }
        });
    for (Object key : due) {
      Timer timer = timers.get(key);
      if (timer != null && timer.dueMillis <= now) {
        timers.remove(key);
        runOne(timer.action);
      }
    }
  }

  private long nextDueMillis() {
    long next = nowMillis() + 60_000;
    for (Timer timer : timers.values()) {
      next = Math.min(next, timer.dueMillis);
    }
    return next;
  }

  private record Timer(long dueMillis, Runnable action) {}
}
