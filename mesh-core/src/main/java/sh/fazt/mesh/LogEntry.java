package sh.fazt.mesh;

import java.util.NavigableMap;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.store.ChangeLog;

/**
 * One batch of the change log, for people.
 *
 * @param author the node that signed it
 * @param authorName its name in the roster
 * @param writtenMillis its latest write, Unix milliseconds; 0 for rows from before the mesh
 * @param deliveredMillis when it came to be here, Unix milliseconds
 * @param bytes its size as it is kept and travels
 * @param changes how many rows of each table it touches
 */
public record LogEntry(
    Dot dot,
    Hash hash,
    NodeId author,
    String authorName,
    long writtenMillis,
    long deliveredMillis,
    long bytes,
    NavigableMap<String, Integer> changes) {
  static LogEntry of(
      ChangeLog.Logged logged, NavigableMap<String, Integer> changes, Roster roster) {
    BatchHeader header = logged.content().header();
    VerifyKey author = header.dot().site().node();
    return new LogEntry(
        header.dot(),
        logged.hash(),
        NodeId.of(author),
        roster.member(author).map(Member::name).orElse("?"),
        header.high().millis(),
        logged.receivedAtMillis(),
        logged.bytes(),
        changes);
  }
}
