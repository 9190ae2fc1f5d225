package sh.fazt.mesh;

import java.util.NavigableMap;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.KnownAs;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.store.ChangeLog;

/**
 * One batch of the change log, for people.
 *
 * @param author the node that signed it
 * @param authorName what it is called, apart from others of its name
 * @param writtenMillis its latest write, Unix milliseconds; 0 for rows from before the mesh
 * @param deliveredMillis when it came to be here, Unix milliseconds
 * @param bytes its size as it is kept and travels
 * @param refused whether it counts nowhere else: its node signed it after it lost the right to
 *     write, and no full member had it by then
 * @param waiting how many of its changes cannot show here yet
 * @param changes what it does to the rows of each table
 */
public record LogEntry(
    Dot dot,
    Hash hash,
    NodeId author,
    String authorName,
    long writtenMillis,
    long deliveredMillis,
    long bytes,
    boolean refused,
    long waiting,
    NavigableMap<String, Rows> changes) {

  /** How many rows of a table came, changed and went. */
  public record Rows(int inserted, int updated, int deleted) {
    static Rows of(Change change) {
      if (change instanceof Change.Insert) {
        return new Rows(1, 0, 0);
      }
      return change instanceof Change.Delete ? new Rows(0, 0, 1) : new Rows(0, 1, 0);
    }

    Rows plus(Rows other) {
      return new Rows(inserted + other.inserted, updated + other.updated, deleted + other.deleted);
    }

    public int all() {
      return inserted + updated + deleted;
    }
  }

  static LogEntry of(
      ChangeLog.Logged logged, NavigableMap<String, Rows> changes, long waiting, Roster roster) {
    BatchHeader header = logged.content().header();
    VerifyKey author = header.dot().site().node();
    return new LogEntry(
        header.dot(),
        logged.hash(),
        NodeId.of(author),
        KnownAs.in(roster).node(author),
        header.high().millis(),
        logged.receivedAtMillis(),
        logged.bytes(),
        !roster.authors().welcome(header.dot(), logged.hash()),
        waiting,
        changes);
  }
}
