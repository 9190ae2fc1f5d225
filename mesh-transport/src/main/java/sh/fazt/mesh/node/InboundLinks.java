package sh.fazt.mesh.node;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;

/**
 * Hands what happens on links to the mesh thread, and spares a link from being read while too much
 * of it waits there.
 */
final class InboundLinks implements LinkListener {
  /** Frames of one link that wait for the mesh thread, above which it is not read. */
  static final int WAITING_MAX = 64;

  private static final Logger LOG = LoggerFactory.getLogger(InboundLinks.class);
  private static final int WAITING_LOW = 16;

  private final Loop loop;
  private final LinkListener target;
  private final ConcurrentMap<MeshLink, AtomicInteger> waiting = new ConcurrentHashMap<>();

  /**
   * @param target called on the mesh thread
   */
  InboundLinks(Loop loop, LinkListener target) {
    this.loop = loop;
    this.target = target;
  }

  /** How many links are open. */
  int open() {
    return waiting.size();
  }

  @Override
  public void opened(MeshLink link) {
    waiting.put(link, new AtomicInteger());
    loop.submit(() -> target.opened(link));
  }

  @Override
  public void frame(MeshLink link, Bytes frame) {
    AtomicInteger count = waiting.get(link);
    if (count == null) {
      return;
    }
    if (count.incrementAndGet() == WAITING_MAX) {
      link.read(false);
    }
    loop.submit(
        () -> {
          try {
            if (!link.isParted()) {
              target.frame(link, frame);
            }
          } catch (MeshException e) {
            LOG.warn("a frame of {} not dealt with: {}", link.address(), e.getMessage());
            link.close();
          } finally {
            if (count.decrementAndGet() == WAITING_LOW) {
              link.read(true);
            }
          }
        });
  }

  @Override
  public void writabilityChanged(MeshLink link) {
    loop.submit(() -> target.writabilityChanged(link));
  }

  @Override
  public void closed(MeshLink link, String reason) {
    waiting.remove(link);
    loop.submit(() -> target.closed(link, reason));
  }
}
