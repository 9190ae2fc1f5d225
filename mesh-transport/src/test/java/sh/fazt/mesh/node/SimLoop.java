package sh.fazt.mesh.node;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import sh.fazt.mesh.fault.MeshException;

/** A node's loop in simulated time, with the order of {@link MeshLoop}: a turn may take a while. */
final class SimLoop implements Loop {
  /** As in {@link MeshLoop}: tasks between two looks at the timers. */
  private static final int TASKS_MAX = 512;

  private final SimTime time;
  private final Consumer<Throwable> onFault;
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Map<Object, Timer> timers = new HashMap<>();
  private long turns;
  private long nextTurn;
  private long busyUntil;
  private long timersMade;
  private int tasksInARow;
  private long waitMillis;
  private boolean dead;

  private record Timer(Object key, long dueMillis, long number, Runnable action) {}

  /**
   * @param onFault told of what no loop survives
   */
  SimLoop(SimTime time, Consumer<Throwable> onFault) {
    this.time = time;
    this.onFault = onFault;
    this.busyUntil = time.nowMillis();
    this.nextTurn = Long.MAX_VALUE;
  }

  @Override
  public long nowMillis() {
    return time.nowMillis();
  }

  @Override
  public void submit(Runnable task) {
    if (!dead) {
      tasks.add(task);
      plan();
    }
  }

  @Override
  public void schedule(Object key, long dueMillis, Runnable action) {
    if (!dead) {
      timers.put(key, new Timer(key, dueMillis, timersMade++, action));
      plan();
    }
  }

  @Override
  public void cancel(Object key) {
    timers.remove(key);
  }

  /** At once: a simulated world has one thread. */
  @Override
  public ExecutorService beside(String name) {
    return new AbstractExecutorService() {
      private boolean ended;

      @Override
      public void execute(Runnable work) {
        if (!ended) {
          work.run();
        }
      }

      @Override
      public void shutdown() {
        ended = true;
      }

      @Override
      public List<Runnable> shutdownNow() {
        ended = true;
        return List.of();
      }

      @Override
      public boolean isShutdown() {
        return ended;
      }

      @Override
      public boolean isTerminated() {
        return ended;
      }

      @Override
      public boolean awaitTermination(long timeout, TimeUnit unit) {
        return ended;
      }
    };
  }

  @Override
  public void fail(Throwable reason) {
    if (!dead) {
      kill();
      onFault.accept(reason);
    }
  }

  /** The turn that is on takes so much longer. */
  void lasts(long millis) {
    waitMillis = Math.max(waitMillis, millis);
  }

  /** Nothing of it runs any more. */
  void kill() {
    dead = true;
    tasks.clear();
    timers.clear();
  }

  private Optional<Timer> nextTimer() {
    return timers.values().stream()
        .min(Comparator.comparingLong(Timer::dueMillis).thenComparingLong(Timer::number));
  }

  private void plan() {
    long due =
        tasks.isEmpty()
            ? nextTimer().map(Timer::dueMillis).orElse(Long.MAX_VALUE)
            : time.nowMillis();
    if (due == Long.MAX_VALUE) {
      return;
    }
    due = Math.max(due, Math.max(busyUntil, time.nowMillis()));
    if (due < nextTurn) {
      nextTurn = due;
      long turn = ++turns;
      time.at(
          due,
          () -> {
            if (turn == turns && !dead) {
              nextTurn = Long.MAX_VALUE;
              turn();
            }
          });
    }
  }

  private void turn() {
    Optional<Timer> timer = nextTimer().filter(next -> next.dueMillis() <= time.nowMillis());
    if (tasks.isEmpty() || (tasksInARow >= TASKS_MAX && timer.isPresent())) {
      tasksInARow = 0;
      timer.ifPresent(
          due -> {
            timers.remove(due.key());
            runOne(due.action());
          });
    } else {
      tasksInARow++;
      runOne(tasks.remove());
    }
    busyUntil = time.nowMillis() + waitMillis + (time.happens(100) ? time.between(1, 4) : 0);
    waitMillis = 0;
    if (!dead) {
      plan();
    }
  }

  private void runOne(Runnable work) {
    try {
      work.run();
    } catch (MeshException e) {
      time.tell("left undone", e);
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }
}
