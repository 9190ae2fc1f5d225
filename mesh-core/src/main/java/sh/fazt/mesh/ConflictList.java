package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.schema.TableVerdict;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;

/** Lost values beside what stands in their place. Confined. */
final class ConflictList {
  private final Database database;
  private final SiteBook sites;
  private final Roster roster;
  private final Map<String, Optional<TrackedTable>> tables = new HashMap<>();

  ConflictList(Database database, SiteBook sites, Roster roster) {
    this.database = database;
    this.sites = sites;
    this.roster = roster;
  }

  /** The latest first. */
  List<ConflictEntry> latest(int limit) {
    List<ConflictEntry> entries = new ArrayList<>();
    for (ConflictTable.Found found : new ConflictTable(database, sites).latest(limit)) {
      entries.add(entry(found));
    }
    return entries;
  }

  private ConflictEntry entry(ConflictTable.Found found) {
    ConflictTable.Conflict conflict = found.conflict();
    return new ConflictEntry(
        found.atMillis(),
        conflict.table(),
        conflict.key().values(),
        conflict.column(),
        now(conflict),
        conflict.lostValue(),
        name(conflict.lost().site().node()),
        name(conflict.kept().site().node()),
        conflict.rule() == ConflictTable.Rule.DELETED);
  }

  private Optional<Value> now(ConflictTable.Conflict conflict) {
    int keys = conflict.key().values().size();
    Optional<TrackedTable> found =
        tables
            .computeIfAbsent(conflict.table(), this::table)
            .filter(table -> table.shape().key().size() == keys);
    return found.flatMap(
        table ->
            table
                .column(conflict.column())
                .map(column -> table.shape().columns().indexOf(column))
                .filter(place -> place >= 0)
                .flatMap(
                    place ->
                        TableAccess.of(database, table, sites)
                            .rows()
                            .find(conflict.key())
                            .map(row -> row.get(place))));
  }

  /** The table, also where it replicates no more: then it has rows and no shadow. */
  private Optional<TrackedTable> table(String name) {
    return new SchemaReader(database)
        .table(name)
        .filter(TableVerdict.Eligible.class::isInstance)
        .map(TableVerdict.Eligible.class::cast)
        .map(eligible -> new TrackedTable(0, eligible.shape(), Map.of()));
  }

  private String name(VerifyKey node) {
    return roster.member(node).map(Member::name).orElseGet(() -> NodeId.of(node).text());
  }
}
