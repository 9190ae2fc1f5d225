package sh.fazt.mesh.gossip;

import java.util.Comparator;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.SiteId;

/**
 * Names one {@link Broadcast} for good.
 *
 * @param site who sent it
 * @param session 1, 2, 3 …: the runs of that site in which it broadcasts
 * @param seq 1, 2, 3 … within the session
 */
public record BroadcastId(SiteId site, long session, long seq) {
  private static final Comparator<BroadcastId> SESSIONS =
      Comparator.<BroadcastId>comparingInt(id -> id.site().incarnation())
          .thenComparingLong(BroadcastId::session);

  public BroadcastId {
    if (session < 1 || seq < 1) {
      throw new IllegalArgumentException("session and seq start at 1: " + session + ", " + seq);
    }
  }

  /** Whether its session is an earlier (below 0), the same (0) or a later one of one node's. */
  int compareSession(BroadcastId other) {
    return SESSIONS.compare(this, other);
  }

  /** The site, then session and seq as varints. */
  void writeTo(ByteWriter out) {
    site.writeTo(out);
    out.varint(session).varint(seq);
  }

  static BroadcastId readFrom(ByteReader in) throws MalformedException {
    SiteId site = SiteId.readFrom(in);
    long session = in.varint();
    long seq = in.varint();
    if (session < 1 || seq < 1) {
      throw new MalformedException("a broadcast of session " + session + ", seq " + seq);
    }
    return new BroadcastId(site, session, seq);
  }

  @Override
  public String toString() {
    return site + " session " + session + " seq " + seq;
  }
}
