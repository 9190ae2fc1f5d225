package sh.fazt.mesh.frame;

import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * An ordered, encrypted stream of frames to one authenticated peer, whatever carries it.
 *
 * <p>Law: every method may be called from any thread and returns at once. Frames arrive whole, in
 * the order of {@link #send}, or the link closes. That the peer holds its key is proven; whether it
 * is a member is for the caller to know.
 */
public interface MeshLink {
  /** The most bytes of one frame. */
  int FRAME_BYTES_MAX = 1 << 20;

  /**
   * Queues {@code frame}. A link that has closed drops it; a caller that goes on sending while the
   * link is not {@link #writable} loses the link.
   *
   * @param frame 1 byte to {@link #FRAME_BYTES_MAX}; the first names the type of its message
   * @throws IllegalArgumentException if it is empty or too long
   */
  void send(Bytes frame);

  /**
   * Whether the queue has room; when that changes, {@link LinkListener#writabilityChanged} says so.
   */
  boolean writable();

  /**
   * Stops reading from the peer, or goes on; a link reads at first. A few frames that were read
   * already may still arrive.
   */
  void read(boolean on);

  /** The key that the peer proved to hold. */
  VerifyKey peer();

  /** How the peer is reached: {@code direct}, {@code lan}, {@code ice} or {@code relay}. */
  String path();

  /** Where the peer is, as people see it: {@code 203.0.113.7:8443}. */
  String address();

  /**
   * Sends what is queued and closes; closing twice is harmless. A few frames that were read already
   * may still arrive.
   */
  void close();

  /** Whether it was closed on this side: what still arrives is of no use. */
  boolean isParted();
}
