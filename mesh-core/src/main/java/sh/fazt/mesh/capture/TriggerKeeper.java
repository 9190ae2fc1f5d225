package sh.fazt.mesh.capture;

import java.util.List;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.TriggerTable;

/**
 * Sees to it that each tracked table has its triggers, unaltered, and newer than any of the
 * application's: the newest fires first, and a trigger before ours could call ours off. Confined.
 */
public final class TriggerKeeper {
  private final Database database;
  private final TriggerTable triggers;

  public TriggerKeeper(Database database) {
    this.database = database;
    this.triggers = new TriggerTable(database);
  }

  /**
   * Installs what is missing, altered or too old; inside a write transaction.
   *
   * @return whether a trigger was missing or altered, so that writes may have passed unrecorded
   */
  public boolean ensure(TrackedTable table) {
    List<Triggers.Definition> wanted = Triggers.of(table);
    List<TriggerTable.Trigger> present = triggers.of(table.name());
    List<TriggerTable.Trigger> newest =
        present.subList(Math.max(0, present.size() - wanted.size()), present.size());
    if (matches(newest, wanted)) {
      return false;
    }
    List<TriggerTable.Trigger> ours =
        present.stream().filter(TriggerTable.Trigger::isOurs).toList();
    ours.forEach(trigger -> triggers.drop(trigger.name()));
    wanted.forEach(trigger -> database.run(trigger.sql()));
    return !matches(ours, wanted);
  }

  private static boolean matches(
      List<TriggerTable.Trigger> present, List<Triggers.Definition> wanted) {
    List<String> sql = present.stream().map(TriggerTable.Trigger::sql).toList();
    return sql.equals(wanted.stream().map(Triggers.Definition::sql).toList());
  }

  /** Removes the table's triggers of ours; inside a write transaction. */
  public void remove(TrackedTable table) {
    Triggers.of(table).forEach(trigger -> triggers.drop(trigger.name()));
  }

  /** Puts every key of the table, and every key the mesh knows of it, under suspicion. */
  public void suspectAll(TrackedTable table) {
    int size = table.shape().key().size();
    StringBuilder keys = new StringBuilder();
    StringBuilder own = new StringBuilder();
    for (int i = 0; i < size; i++) {
      keys.append(", k").append(i);
      own.append(", ").append(Identifier.quoted(table.shape().key().get(i).name()));
    }
    String into = "INSERT INTO " + table.touched() + " (at" + keys + ") SELECT " + Triggers.NOW;
    database.run(into + own + " FROM " + Identifier.quoted(table.name()));
    database.run(into + keys + " FROM " + table.shadow());
  }
}
