package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TableVerdict;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.TableBook;

/** The tables of a replica and how each stands. Confined to one question. */
final class TableList {
  private final Database database;
  private final TableBook book;
  private final AsideTable aside;
  private final Map<String, Long> parked = new HashMap<>();

  TableList(Database database) {
    this.database = database;
    this.book = new TableBook(database, new SchemaReader(database));
    this.aside = new AsideTable(database);
    for (ParkedTable.Group group : new ParkedTable(database).groups()) {
      parked.merge(Identifier.folded(group.table()), group.changes(), Long::sum);
    }
  }

  /** Those that are here by name, then those that are not and should be. */
  List<TableStatus> all() {
    Map<String, TrackedTable> tracked = new HashMap<>();
    book.known().forEach(table -> tracked.put(Identifier.folded(table.name()), table));
    TreeSet<String> missing = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    missing.addAll(book.names());
    new ParkedTable(database).groups().forEach(group -> missing.add(group.table()));
    List<TableStatus> statuses = new ArrayList<>();
    TableCensus census = new TableCensus(database);
    for (TableVerdict verdict : census.verdicts()) {
      missing.remove(verdict.name());
      Optional<TrackedTable> table =
          Optional.ofNullable(tracked.get(Identifier.folded(verdict.name())));
      statuses.add(
          census.status(
              verdict,
              table.isPresent(),
              parked(verdict.name()),
              table.map(aside::count).orElse(0L)));
    }
    for (String name : missing) {
      statuses.add(
          new TableStatus(
              name,
              TableStatus.State.MISSING,
              -1,
              parked(name),
              0,
              Optional.of("this database has no such table")));
    }
    return statuses;
  }

  private long parked(String table) {
    return parked.getOrDefault(Identifier.folded(table), 0L);
  }
}
