package sh.fazt.mesh.crdt.text;

/**
 * Names what one replica inserts: a session and the next counter in it. One serves any number of
 * texts; no two elements of any text get the same name. Mutable, confined.
 */
public final class Writer {
  private final long session;
  private long next;

  /**
   * @param session drawn by chance, 64 bits, by each opening of a replica; not 0, which is the base
   * @param next the first counter that was not given away yet; 0 in a fresh session
   */
  public Writer(long session, long next) {
    if (session == Session.BASE) {
      throw new IllegalArgumentException("session 0 is the base");
    }
    if (next < 0 || next > Session.COUNTER_MAX) {
      throw new IllegalArgumentException("counter " + next);
    }
    this.session = session;
    this.next = next;
  }

  public long session() {
    return session;
  }

  /** The counter that the next inserted code point gets, unless someone has forged one of it. */
  public long next() {
    return next;
  }

  void passed(long counter) {
    next = counter;
  }
}
