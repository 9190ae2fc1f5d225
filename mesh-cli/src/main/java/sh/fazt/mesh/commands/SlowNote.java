package sh.fazt.mesh.commands;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Screen;

/** Tells a person what is being waited for, once it takes longer than a second. */
final class SlowNote implements AutoCloseable {
  private static final long AFTER_MILLIS = 1_000;

  private final AtomicBoolean settled = new AtomicBoolean();

  private SlowNote() {}

  /**
   * Begins to wait.
   *
   * @param doing such as {@code starting the daemon}
   */
  static SlowNote of(Session session, String doing) {
    SlowNote note = new SlowNote();
    if (session.wiring().terminal().err()) {
      CompletableFuture.delayedExecutor(AFTER_MILLIS, TimeUnit.MILLISECONDS)
          .execute(() -> note.tell(session.screen(), doing));
    }
    return note;
  }

  private void tell(Screen screen, String doing) {
    if (settled.compareAndSet(false, true)) {
      screen.hint(Glyph.INFO, doing + " …");
    }
  }

  @Override
  public void close() {
    settled.set(true);
  }
}
