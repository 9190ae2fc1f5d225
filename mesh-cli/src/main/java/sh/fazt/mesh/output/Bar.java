package sh.fazt.mesh.output;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * One line on standard error that shows how far long work has come: rows, bytes a second, time
 * left. It is drawn on a terminal alone, ten times a second at most, and gone when closed or
 * interrupted.
 */
public final class Bar implements AutoCloseable {
  private static final int CELLS = 24;
  private static final long PAUSE_MILLIS = 100;

  /** Rates of less time than this mean nothing. */
  private static final long STEADY_MILLIS = 500;

  /** Of how many parts one must be done before the time left is foretold. */
  private static final long FORETOLD_SHARE = 50;

  private static final String ERASE = "\r\u001b[K";

  private final Screen screen;
  private final LongSupplier nowMillis;
  private final long startMillis;
  private final Thread onInterrupt = new Thread(this::erase, "bar");
  private long drawnMillis;
  private boolean drawn;

  public Bar(Screen screen, LongSupplier nowMillis) {
    this.screen = screen;
    this.nowMillis = nowMillis;
    this.startMillis = nowMillis.getAsLong();
    if (isVisible()) {
      Runtime.getRuntime().addShutdownHook(onInterrupt);
    }
  }

  /**
   * Shows the state of the work, unless it was shown a moment ago.
   *
   * @param label what is being worked on, such as a table
   * @param done rows done
   * @param total rows in all, 0 if unknown
   * @param bytes bytes done
   */
  public void show(String label, long done, long total, long bytes) {
    long now = nowMillis.getAsLong();
    if (!isVisible() || (drawn && now - drawnMillis < PAUSE_MILLIS)) {
      return;
    }
    drawn = true;
    drawnMillis = now;
    String line = line(label, done, total, bytes, Math.max(1, now - startMillis));
    screen.err().print(ERASE + line);
    screen.err().flush();
  }

  @Override
  public void close() {
    erase();
    if (isVisible()) {
      try {
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
      } catch (IllegalStateException e) {
        // The program is being interrupted: the hook runs, and erases the same line.
      }
    }
  }

  private void erase() {
    if (drawn) {
      screen.err().print(ERASE);
      screen.err().flush();
    }
  }

  private boolean isVisible() {
    Terminal terminal = screen.terminal();
    return terminal.err() && terminal.colour() && !screen.isJson();
  }

  private String line(String label, long done, long total, long bytes, long passedMillis) {
    StringBuilder line = new StringBuilder("  ").append(Printable.of(label));
    if (total > 0) {
      long shown = Math.min(done, total);
      int full = (int) (CELLS * shown / total);
      boolean unicode = screen.terminal().unicode();
      line.append(' ')
          .append((unicode ? "█" : "#").repeat(full))
          .append((unicode ? "░" : ".").repeat(CELLS - full))
          .append(String.format(Locale.ROOT, " %3d%%  ", 100 * shown / total))
          .append(Units.count(shown))
          .append('/')
          .append(Units.count(total))
          .append(" rows");
    } else {
      line.append("  ").append(Units.count(done, "row"));
    }
    boolean steady = passedMillis >= STEADY_MILLIS;
    if (bytes > 0 && steady) {
      line.append("  ").append(Units.bytes(bytes * 1000 / passedMillis)).append("/s");
    }
    if (done >= total / FORETOLD_SHARE && done > 0 && done < total && steady) {
      long left = passedMillis * (total - done) / done;
      line.append("  ").append(left < 1000 ? "<1s" : Units.roughly(left)).append(" left");
    }
    return line.toString();
  }
}
