package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.KeyText;
import sh.fazt.mesh.schema.SqlText;
import sh.fazt.mesh.schema.TableVerdict;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.CellTable;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;

/** Lost values beside what stands in their place. Confined. */
final class ConflictList {
  private final Database database;
  private final SiteBook sites;
  private final Roster roster;
  private final SchemaReader schema;
  private final ValueDigest digest;
  private final Map<String, Optional<TrackedTable>> tables = new HashMap<>();

  ConflictList(Database database, SiteBook sites, Roster roster) {
    this.database = database;
    this.sites = sites;
    this.roster = roster;
    this.schema = new SchemaReader(database);
    this.digest = new ValueDigest(new Meta(database).bytes(Fact.DIGEST_SECRET).orElse(Bytes.EMPTY));
  }

  /** The latest first. */
  List<ConflictEntry> latest(int limit, boolean evenSettled) {
    List<ConflictEntry> entries = new ArrayList<>();
    for (ConflictTable.Found found :
        new ConflictTable(database, sites).latest(limit, evenSettled)) {
      entries.add(entry(found));
    }
    return entries;
  }

  ConflictEntry entry(ConflictTable.Found found) {
    ConflictTable.Conflict conflict = found.conflict();
    Optional<TrackedTable> table =
        tables
            .computeIfAbsent(conflict.table(), this::table)
            .filter(each -> each.shape().key().size() == conflict.key().values().size());
    Optional<Column> column = table.flatMap(each -> each.column(conflict.column()));
    Optional<Value> now = Optional.empty();
    Optional<String> nowBy = Optional.empty();
    if (table.isPresent() && column.isPresent()) {
      now = now(table.get(), conflict, column.get());
      nowBy = now.flatMap(value -> nowBy(table.get(), conflict, column.get()));
    }
    return new ConflictEntry(
        found.number(),
        found.atMillis(),
        found.settledMillis(),
        conflict.table(),
        conflict.key().values(),
        table
            .map(each -> KeyText.write(conflict.key().values(), each.shape()))
            .orElseGet(() -> literals(conflict.key().values())),
        conflict.column(),
        now,
        nowBy,
        conflict.lostValue(),
        Write.of(conflict.lost(), roster),
        Write.of(conflict.kept(), roster),
        Decision.of(conflict));
  }

  private static String literals(List<Value> key) {
    return key.stream().map(SqlText::literal).collect(Collectors.joining("/"));
  }

  private Optional<Value> now(TrackedTable table, ConflictTable.Conflict conflict, Column column) {
    int place = table.shape().columns().indexOf(column);
    return TableAccess.of(database, table, sites)
        .rows()
        .find(conflict.key())
        .map(row -> row.get(place));
  }

  private Optional<String> nowBy(
      TrackedTable table, ConflictTable.Conflict conflict, Column column) {
    if (table.number() == 0) {
      return Optional.empty();
    }
    TableAccess access = TableAccess.of(database, table, sites);
    RowNow row =
        RowNow.of(access, new AsideTable(database), new CellTable(database, sites), conflict.key());
    return row.isAhead(column, digest)
        ? new Meta(database).text(Fact.NAME)
        : row.winner(column).map(Stamp::site).map(site -> Write.name(site.node(), roster));
  }

  /** The table, also where it replicates no more: then it has rows and no shadow. */
  private Optional<TrackedTable> table(String name) {
    return new TableBook(database, schema)
        .readable(name)
        .or(
            () ->
                schema
                    .table(name)
                    .filter(TableVerdict.Eligible.class::isInstance)
                    .map(TableVerdict.Eligible.class::cast)
                    .map(eligible -> new TrackedTable(0, eligible.shape(), Map.of())));
  }
}
