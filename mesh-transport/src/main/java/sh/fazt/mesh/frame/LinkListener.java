package sh.fazt.mesh.frame;

import sh.fazt.mesh.bytes.Bytes;

/**
 * Hears what happens on links: of each link first {@code opened}, then any number of the others,
 * {@code closed} once and last.
 *
 * <p>Law: called on an I/O thread, for one link on one thread at a time. Must not block and must
 * not throw; a throw costs the link.
 */
public interface LinkListener {
  /** The peer is authenticated and the link carries frames. */
  void opened(MeshLink link);

  /** A frame of 1 byte to {@link MeshLink#FRAME_BYTES_MAX} came. */
  void frame(MeshLink link, Bytes frame);

  /** {@link MeshLink#writable} has another answer than before. */
  void writabilityChanged(MeshLink link);

  /**
   * The link is gone, by our wish or not.
   *
   * @param reason for the log, lower case
   */
  void closed(MeshLink link, String reason);
}
