package sh.fazt.mesh.crdt;

/**
 * Who makes operations on merging columns: one opening of a replica, under a number drawn by chance
 * so that a copy of the database that is opened elsewhere is another writer. Confined.
 */
public final class Writer {
  private final long session;
  private long last;

  /**
   * @param session random, not 0
   */
  public Writer(long session) {
    if (session == 0) {
      throw new IllegalArgumentException("session 0 stands for what was there before");
    }
    this.session = session;
  }

  /** The session that all operations of this writer bear. */
  public long session() {
    return session;
  }

  /** The number of its next operation, from 1 on without end; each is given once. */
  public long next() {
    return ++last;
  }
}
