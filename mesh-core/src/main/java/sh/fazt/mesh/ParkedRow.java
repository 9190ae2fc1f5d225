package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.SiteBook;

/** The delivered changes of one row that wait. */
final class ParkedRow {
  /** How many of a table's are looked through. */
  private static final int CHANGES_MAX = 100_000;

  private ParkedRow() {}

  static List<RowStory.Parked> of(
      Database database, SiteBook sites, Roster roster, TrackedTable table, RowKey key) {
    ChangeLog log = new ChangeLog(database, sites);
    List<RowStory.Parked> waiting = new ArrayList<>();
    Optional<ChangeLog.Logged> logged = Optional.empty();
    for (ParkedTable.Parked parked : new ParkedTable(database).of(table.name(), CHANGES_MAX)) {
      if (logged.isEmpty() || logged.get().number() != parked.batch()) {
        logged = log.find(parked.batch());
      }
      if (logged.isPresent()) {
        Batch batch = logged.get().content();
        Change change = batch.changes().get(parked.position());
        if (table.shape().folded(change.key().values()).equals(key.values())) {
          ParkedTable.Group alone =
              new ParkedTable.Group(
                  table.name(),
                  parked.reason(),
                  parked.detail(),
                  1,
                  logged.get().receivedAtMillis(),
                  parked.dueMillis());
          waiting.add(
              new RowStory.Parked(
                  Write.of(batch.stampOf(change), roster),
                  Backlog.waiting(alone, true),
                  change instanceof Change.Delete,
                  change.cells().stream()
                      .filter(cell -> cell.type() == Cell.LWW)
                      .map(cell -> new RowStory.Cell(cell.column(), cell.value()))
                      .toList()));
        }
      }
    }
    return waiting;
  }
}
