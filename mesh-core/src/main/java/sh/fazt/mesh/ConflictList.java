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
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;

/** Lost values beside what stands in their place. Confined. */
final class ConflictList {
  private final Database database;
  private final SiteBook sites;
  private final Roster roster;
  private final Map<String, Optional<TableAccess>> tables = new HashMap<>();

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
    Optional<TableAccess> access = tables.computeIfAbsent(conflict.table(), this::access);
    return access.flatMap(
        table ->
            table
                .table()
                .column(conflict.column())
                .map(column -> table.table().shape().columns().indexOf(column))
                .filter(place -> place >= 0)
                .flatMap(place -> table.rows().find(conflict.key()).map(row -> row.get(place))));
  }

  private Optional<TableAccess> access(String name) {
    for (TrackedTable table : new TableBook(database, new SchemaReader(database)).known()) {
      if (Identifier.same(table.name(), name)) {
        return Optional.of(TableAccess.of(database, table, sites));
      }
    }
    return Optional.empty();
  }

  private String name(VerifyKey node) {
    return roster.member(node).map(Member::name).orElseGet(() -> NodeId.of(node).text());
  }
}
