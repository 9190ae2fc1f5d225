package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.SqlText;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.OpTable;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;

/**
 * Writes a value back that lost to another, as any program on this machine would: the table's rules
 * and triggers apply, the mesh's own triggers note it, and it travels like any local write. So it
 * works beside a running node as well as without one.
 */
public final class Restoration {
  private final Database database;
  private final SiteBook sites;
  private final ConflictTable conflicts;
  private final Roster roster;
  private final long nowMillis;

  private Restoration(Database database, long nowMillis) {
    this.database = database;
    this.sites = new SiteBook(database);
    this.conflicts = new ConflictTable(database, sites);
    this.roster = Roster.fold(Replica.meshId(new Meta(database)), new OpTable(database).all());
    this.nowMillis = nowMillis;
  }

  /**
   * What came of it.
   *
   * @param conflict as it was before
   * @param now what the column holds afterwards, which a trigger or its type may have bent
   * @param row the values of the whole row by column, where the row was gone; else empty
   * @param unknown the columns of that row which nobody knows any more, and which show their
   *     defaults
   */
  public record Restored(
      ConflictEntry conflict, Value now, Map<String, Value> row, List<String> unknown) {
    public Restored {
      row = new LinkedHashMap<>(row);
      unknown = List.copyOf(unknown);
    }

    /** Whether the value stood there already, so that nothing was written. */
    public boolean isUnchanged() {
      return conflict.now().equals(Optional.of(now));
    }
  }

  /**
   * Gives a lost value back to its row, and a row that is gone back to its table.
   *
   * @param number the conflict's
   * @throws MeshException NO_DATABASE, NOT_INITIALIZED, CONFLICT_UNKNOWN, TABLE_UNKNOWN,
   *     COLUMN_GONE, ROW_GONE, VALUE_REFUSED, DATABASE_BUSY; then nothing was written
   */
  public static Restored of(Path file, long number, long nowMillis) {
    try (Database database = Replica.open(file)) {
      // A program that asks for it is refused a child without a parent; so is this one.
      database.run("PRAGMA foreign_keys = ON");
      Restoration restoration = new Restoration(database, nowMillis);
      restoration.requireWriter();
      try {
        return database.write(() -> restoration.restore(number));
      } catch (MeshException e) {
        if (e.code() == ErrorCode.VALUE_REFUSED) {
          throw refused(String.valueOf(e.getMessage()).replace(file + ": ", ""), e);
        }
        throw e;
      }
    }
  }

  private Restored restore(long number) {
    ConflictTable.Found found =
        conflicts
            .find(number)
            .orElseThrow(
                () ->
                    new MeshException(
                        ErrorCode.CONFLICT_UNKNOWN,
                        "there is no conflict " + number,
                        "fazt mesh conflicts --all"));
    ConflictTable.Conflict conflict = found.conflict();
    TableAccess access = access(conflict);
    Column column =
        access
            .table()
            .column(conflict.column())
            .orElseThrow(
                () ->
                    new MeshException(
                        ErrorCode.COLUMN_GONE,
                        "table %s has no column %s any more"
                            .formatted(conflict.table(), conflict.column()),
                        "Add the column again, then restore the value"));
    ConflictEntry before = new ConflictList(database, sites, roster).entry(found);
    return before.now().isPresent()
        ? value(access, column, conflict, before)
        : row(access, column, conflict, before);
  }

  /** What a node writes that may not write does not stand, and would be a conflict again. */
  private void requireWriter() {
    MeshView view = new MeshView(database);
    Role role = roster.roleOf(view.node());
    if (role != Role.FULL) {
      throw new MeshException(
          ErrorCode.VALUE_REFUSED,
          "this node may not write (its role is " + role + "), so the value would not stand",
          "on another node: fazt mesh role " + SqlText.shell(view.name()) + " full");
    }
  }

  private TableAccess access(ConflictTable.Conflict conflict) {
    String name = conflict.table();
    TrackedTable table =
        new TableBook(database, new SchemaReader(database))
            .readable(name)
            .orElseThrow(
                () ->
                    new MeshException(
                        ErrorCode.TABLE_UNKNOWN,
                        "table " + name + " does not replicate here now, so it would not travel",
                        "fazt mesh tables"));
    if (table.shape().key().size() != conflict.key().values().size()) {
      throw new MeshException(
          ErrorCode.ROW_GONE,
          "the key of table " + name + " has other columns now, so the row cannot be told",
          "fazt mesh conflicts --json");
    }
    return TableAccess.of(database, table, sites);
  }

  /** Sets one column of a row that is there. */
  private Restored value(
      TableAccess access, Column column, ConflictTable.Conflict conflict, ConflictEntry before) {
    if (!before.now().equals(Optional.of(conflict.lostValue()))) {
      refuse(access.rows().update(conflict.key(), Map.of(column, conflict.lostValue())));
    }
    Value now = now(access, column, conflict.key()).orElse(Value.NULL);
    if (before.now().equals(Optional.of(now)) && !now.equals(conflict.lostValue())) {
      throw refused(where(before) + " is as before: a trigger of the table undid the write", null);
    }
    conflicts.settle(before.number(), nowMillis);
    settleWhatStands(access, conflict);
    return new Restored(before, now, Map.of(), List.of());
  }

  /** Puts a row back that was deleted, with what is known of it. */
  private Restored row(
      TableAccess access, Column column, ConflictTable.Conflict conflict, ConflictEntry before) {
    boolean aside = new AsideTable(database).held(access.table(), conflict.key()).isPresent();
    if ((!before.deleted() && !before.refused()) || aside) {
      throw new MeshException(
          ErrorCode.ROW_GONE,
          "row %s of table %s %s"
              .formatted(
                  before.keyText(),
                  conflict.table(),
                  aside
                      ? "is set aside: a rule of the table keeps it out"
                      : "is gone, and was deleted by somebody who knew what it held"),
          "fazt mesh explain %s %s"
              .formatted(SqlText.shell(conflict.table()), SqlText.shell(before.keyText())));
    }
    LostRow lost = LostRow.of(new ChangeLog(database, sites), access.table(), conflict);
    Map<Column, Value> cells = lost.cells();
    cells.putAll(refusedWith(access, conflict));
    cells.put(column, conflict.lostValue());
    refuse(access.rows().insert(conflict.key(), cells));
    List<Value> row =
        access
            .rows()
            .find(conflict.key())
            .orElseThrow(
                () -> refused("the row is not there: a trigger of the table undid it", null));
    conflicts.settle(before.number(), nowMillis);
    settleWhatStands(access, conflict);
    Map<String, Value> whole = new LinkedHashMap<>();
    List<Column> columns = access.table().shape().columns();
    for (int i = 0; i < columns.size(); i++) {
      whole.put(columns.get(i).name(), row.get(i));
    }
    List<String> unknown =
        columns.stream().filter(each -> !cells.containsKey(each)).map(Column::name).toList();
    Value now = now(access, column, conflict.key()).orElse(Value.NULL);
    return new Restored(before, now, whole, unknown);
  }

  /** What was written to the row at once with a value that was refused: no log has it. */
  private Map<Column, Value> refusedWith(TableAccess access, ConflictTable.Conflict conflict) {
    Map<Column, Value> cells = new LinkedHashMap<>();
    for (ConflictTable.Found found : conflicts.ofRow(conflict.table(), conflict.key())) {
      ConflictTable.Conflict other = found.conflict();
      if (other.rule() == ConflictTable.Rule.REFUSED && other.lost().equals(conflict.lost())) {
        access
            .table()
            .column(other.column())
            .ifPresent(column -> cells.put(column, other.lostValue()));
      }
    }
    return cells;
  }

  private static Optional<Value> now(TableAccess access, Column column, RowKey key) {
    int place = access.table().shape().columns().indexOf(column);
    return access.rows().find(key).map(row -> row.get(place));
  }

  /** Other columns of the row may have lost to the same write. */
  private void settleWhatStands(TableAccess access, ConflictTable.Conflict conflict) {
    for (ConflictTable.Found found : conflicts.ofRow(conflict.table(), conflict.key())) {
      Optional<Value> stands =
          access
              .table()
              .column(found.conflict().column())
              .flatMap(column -> now(access, column, conflict.key()));
      if (stands.equals(Optional.of(found.conflict().lostValue()))) {
        conflicts.settle(found.number(), nowMillis);
      }
    }
  }

  private static String where(ConflictEntry conflict) {
    return "%s/%s %s".formatted(conflict.table(), conflict.keyText(), conflict.column());
  }

  private static void refuse(Optional<String> complaint) {
    complaint.ifPresent(
        rule -> {
          throw refused(rule, null);
        });
  }

  private static MeshException refused(
      String rule, @org.jspecify.annotations.Nullable Throwable cause) {
    return new MeshException(
        ErrorCode.VALUE_REFUSED,
        "a rule of the table refuses the value: " + rule,
        "Make room for it, or write another value with an UPDATE or INSERT of your own",
        cause);
  }
}
