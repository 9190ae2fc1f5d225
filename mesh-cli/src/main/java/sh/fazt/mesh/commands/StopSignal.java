package sh.fazt.mesh.commands;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells a daemon to end: by its own API, or by a signal of the system, which then waits for the
 * daemon to have closed.
 */
final class StopSignal implements AutoCloseable {
  private static final long CLOSE_SECONDS_MAX = 20;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onShutdown, "shutdown");
  private final long closeSecondsMax;

  /**
   * @param closeSecondsMax how long the system waits for a daemon to have closed
   */
  StopSignal(long closeSecondsMax) {
    this.closeSecondsMax = closeSecondsMax;
  }

  static StopSignal install() {
    StopSignal signal = new StopSignal(CLOSE_SECONDS_MAX);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  void stop() {
    asked.countDown();
  }

  /** Returns when the daemon should end. */
  void await() {
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The system ends the process once this returns. */
  void onShutdown() {
    stop();
    try {
      closed.await(closeSecondsMax, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook runs already: it waits for the line above.
    }
  }
}
