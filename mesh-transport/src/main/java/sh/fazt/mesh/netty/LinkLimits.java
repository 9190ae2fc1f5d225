package sh.fazt.mesh.netty;

import sh.fazt.mesh.frame.MeshLink;

/**
 * The limits of links, each with its unit.
 *
 * @param connectMillis to reach one address
 * @param handshakeMillis from a connection to the end of the TLS handshake
 * @param openingMillis from there to an open link, or to the end of an HTTP exchange
 * @param connectionsMax connections that a server holds at a time
 * @param strangersMax those among them that have not opened a link with a certificate
 * @param writeLowBytes queued bytes below which a link is writable again
 * @param writeHighBytes queued bytes above which it no longer is
 * @param queueBytesMax queued bytes above which it is closed
 */
public record LinkLimits(
    int connectMillis,
    int handshakeMillis,
    int openingMillis,
    int connectionsMax,
    int strangersMax,
    int writeLowBytes,
    int writeHighBytes,
    int queueBytesMax) {
  public static final LinkLimits DEFAULT =
      new LinkLimits(10_000, 10_000, 10_000, 512, 64, 1 << 20, 4 << 20, 32 << 20);

  /** Bytes of an HTTP request line. */
  static final int HTTP_LINE_BYTES_MAX = 4096;

  /** Bytes of all headers of an HTTP request. */
  static final int HTTP_HEADER_BYTES_MAX = 8192;

  /** Bytes of one part of an HTTP request's body, which nobody reads. */
  static final int HTTP_CHUNK_BYTES_MAX = 8192;

  /** Threads that serve all links of a node. */
  static final int THREADS = 2;

  /** Addresses of one name that are tried. */
  static final int ADDRESSES_MAX = 8;

  /** How long a closing link may take to send what is queued. */
  static final int CLOSING_MILLIS = 3_000;

  public LinkLimits {
    if (connectMillis < 1 || handshakeMillis < 1 || openingMillis < 1) {
      throw new IllegalArgumentException("a time limit is at least 1 ms");
    }
    if (connectionsMax < 1 || strangersMax < 1) {
      throw new IllegalArgumentException("a server holds at least 1 connection");
    }
    if (writeLowBytes < 1 || writeHighBytes < writeLowBytes || queueBytesMax < writeHighBytes) {
      throw new IllegalArgumentException("write limits must ascend");
    }
    if (queueBytesMax < MeshLink.FRAME_BYTES_MAX) {
      throw new IllegalArgumentException("a queue holds at least one frame");
    }
  }
}
