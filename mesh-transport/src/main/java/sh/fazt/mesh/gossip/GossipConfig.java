package sh.fazt.mesh.gossip;

/** Every pace and every limit of one engine, each with its unit. */
public record GossipConfig(
    Pace pace,
    Pulling pulling,
    Pushing pushing,
    Waiting waiting,
    Linking linking,
    Broadcasting broadcasting) {
  /**
   * @param antiEntropyMillis between two comparisons with all peers, ± a quarter
   * @param comparedPeersMax peers in one such comparison
   * @param pingMillis between two pings of a peer, ± a quarter
   * @param silenceMillis after which a peer that says nothing is given up
   * @param helloMillis after which a peer that has not introduced itself is given up
   */
  public record Pace(
      long antiEntropyMillis,
      int comparedPeersMax,
      long pingMillis,
      long silenceMillis,
      long helloMillis) {}

  /**
   * @param windowBytes of envelopes on their way for one want
   * @param wantsPerPeerMax wants at one peer
   * @param wantsMax wants at all peers together
   * @param wantMillis after which a want that brings nothing goes to another peer
   * @param patienceMillis that the push of a connected author is awaited before others are asked
   * @param postponeMillis without asking, after trouble of our own or with one site; with a site
   *     twice as long each time
   * @param postponeMillisMax of that
   * @param partialBytesMax of unfinished large batches, all together
   */
  public record Pulling(
      int windowBytes,
      int wantsPerPeerMax,
      int wantsMax,
      long wantMillis,
      long patienceMillis,
      long postponeMillis,
      long postponeMillisMax,
      long partialBytesMax) {}

  /**
   * @param batchBytesMax of an envelope that is pushed unasked
   * @param burstBytesMax pushed to one peer at once; what goes beyond is announced and asked for
   * @param announceMillis from the first head that moved to its notice
   * @param announceGapMillis between two notices
   * @param readBytes of the log, read and sent at once
   * @param unreadMax messages to a link that is not writable, after which it is closed
   * @param graftsPerPeerMax authors that one peer may ask for
   */
  public record Pushing(
      int batchBytesMax,
      int burstBytesMax,
      long announceMillis,
      long announceGapMillis,
      int readBytes,
      int unreadMax,
      int graftsPerPeerMax) {}

  /**
   * @param batchesMax held until what they build on is here
   * @param bytesMax of their envelopes
   * @param millis that each is held
   * @param vainMax how often one may be found to wait for what is in the log
   */
  public record Waiting(int batchesMax, long bytesMax, long millis, int vainMax) {}

  /**
   * @param everyoneMax other members up to which each is linked with each
   * @param linksMin links that a node seeks in a larger mesh
   * @param linksMax links beyond which it parts from some
   * @param strollMillis between two changes of a neighbour, ± a quarter
   * @param lonelyMillis the same while links are missing and nobody else is left to be sought
   */
  public record Linking(
      int everyoneMax, int linksMin, int linksMax, long strollMillis, long lonelyMillis) {
    public Linking {
      if (linksMin < 2 || linksMax < 2 * linksMin) {
        throw new IllegalArgumentException("links: " + linksMin + " to " + linksMax);
      }
    }
  }

  /**
   * Of broadcasts. What goes beyond a pace is dropped.
   *
   * @param senderPerSecond of one sender that are taken; the sender itself is held to half of it
   * @param senderBurst of one sender at once, after a rest; the sender itself is held to half of it
   * @param linkPerSecond of all senders over one link, known ones included
   * @param linkBurst of these at once, after a rest
   * @param ageMillisMax that the sender's clock may be from ours
   * @param gapMillis that one that is missing is waited for
   * @param heldMax of one sender that wait for one before them
   * @param heldBytesMax of all that wait
   * @param unreadMax sent to a link that takes no more; what goes beyond it does not get
   */
  public record Broadcasting(
      int senderPerSecond,
      int senderBurst,
      int linkPerSecond,
      int linkBurst,
      long ageMillisMax,
      long gapMillis,
      int heldMax,
      long heldBytesMax,
      int unreadMax) {}

  public static GossipConfig standard() {
    return new GossipConfig(
        new Pace(30_000, 64, 15_000, 50_000, 10_000),
        new Pulling(
            2 << 20, 4, 8, 20_000, 200, 5_000, 300_000, 2L * MessageLimits.ENVELOPE_BYTES_MAX),
        new Pushing(64 << 10, 256 << 10, 5, 50, 256 << 10, 1_000, 10_000),
        new Waiting(4_096, 32 << 20, 600_000, 3),
        new Linking(31, 5, 12, 300_000, 10_000),
        new Broadcasting(20, 100, 400, 1_000, 600_000, 1_000, 64, 4 << 20, 64));
  }
}
