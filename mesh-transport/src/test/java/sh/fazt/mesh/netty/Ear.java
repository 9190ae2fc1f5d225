package sh.fazt.mesh.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;

/** A listener that keeps what it hears, for a test to wait for. */
final class Ear implements LinkListener {
  private static final long PATIENCE_SECONDS = 20;

  final BlockingQueue<MeshLink> opened = new LinkedBlockingQueue<>();
  final BlockingQueue<Bytes> frames = new LinkedBlockingQueue<>();
  final BlockingQueue<Boolean> writable = new LinkedBlockingQueue<>();
  final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

  @Override
  public void opened(MeshLink link) {
    opened.add(link);
  }

  @Override
  public void frame(MeshLink link, Bytes frame) {
    frames.add(frame);
  }

  @Override
  public void writabilityChanged(MeshLink link) {
    writable.add(link.writable());
  }

  @Override
  public void closed(MeshLink link, String reason) {
    closed.add(reason);
  }

  /** The next of {@code heard}, waited for. */
  static <T> T next(BlockingQueue<T> heard) {
    try {
      T found = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(found).as("heard within %d s", PATIENCE_SECONDS).isNotNull();
      return found;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
