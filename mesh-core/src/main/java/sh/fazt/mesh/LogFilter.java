package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.SiteBook;

/**
 * Which batches of the change log somebody wants to see.
 *
 * @param limit at most so many, the newest
 * @param table those with changes of this table; all if empty
 * @param node those of the nodes of this name or id; all if empty
 */
public record LogFilter(int limit, Optional<String> table, Optional<String> node) {
  /** The newest of all. */
  public static LogFilter newest(int limit) {
    return new LogFilter(limit, Optional.empty(), Optional.empty());
  }

  List<LogEntry> entries(Database database, SiteBook sites, Roster roster) {
    Optional<List<VerifyKey>> authors = node.map(name -> named(roster, name));
    ParkedTable parked = new ParkedTable(database);
    List<LogEntry> entries = new ArrayList<>();
    new ChangeLog(database, sites)
        .backwards(
            logged -> {
              Batch batch = logged.content();
              VerifyKey author = batch.header().dot().site().node();
              if (authors.map(all -> all.contains(author)).orElse(true)) {
                NavigableMap<String, LogEntry.Rows> changes = changes(batch);
                if (table.map(changes::containsKey).orElse(true)) {
                  long waiting = parked.count(logged.number());
                  entries.add(LogEntry.of(logged, changes, waiting, roster));
                }
              }
              return entries.size() < limit;
            });
    return entries;
  }

  private static NavigableMap<String, LogEntry.Rows> changes(Batch batch) {
    NavigableMap<String, LogEntry.Rows> changes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Change change : batch.changes()) {
      changes.merge(change.table(), LogEntry.Rows.of(change), LogEntry.Rows::plus);
    }
    return changes;
  }

  private static List<VerifyKey> named(Roster roster, String name) {
    List<VerifyKey> nodes =
        roster.members().stream()
            .filter(member -> member.name().equalsIgnoreCase(name) || isId(member, name))
            .map(Member::node)
            .toList();
    if (nodes.isEmpty()) {
      throw new MeshException(
          ErrorCode.PEER_UNKNOWN,
          "no node is or was called "
              + name
              + "; there are: "
              + roster.members().stream().map(Member::name).collect(Collectors.joining(", ")),
          "fazt mesh peers");
    }
    return nodes;
  }

  private static boolean isId(Member member, String name) {
    return member.id().text().equals(name);
  }
}
