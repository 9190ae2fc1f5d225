package sh.fazt.mesh.capture;

import java.util.List;
import java.util.Locale;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
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

  /** Whether all triggers of a table stand in the schema; only reads. */
  public boolean isIntact(TrackedTable table) {
    List<String> present =
        triggers.of(table.name()).stream()
            .filter(TriggerTable.Trigger::isOurs)
            .map(TriggerTable.Trigger::sql)
            .toList();
    return present.equals(Triggers.of(table).stream().map(Triggers.Definition::sql).toList());
  }

  /** Whether all triggers of a table are newer than any of the application's; only reads. */
  public boolean isNewest(TrackedTable table) {
    List<TriggerTable.Trigger> present = triggers.of(table.name());
    int wanted = Triggers.of(table).size();
    return present.subList(Math.max(0, present.size() - wanted), present.size()).stream()
        .allMatch(TriggerTable.Trigger::isOurs);
  }

  /**
   * Installs what is missing, altered or too old; inside a write transaction.
   *
   * @return whether a trigger was missing, altered, or behind one that can call others off, so that
   *     writes may have passed unrecorded
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
    // All, not just those that are present: one may be gone from the schema and still be known.
    remove(table.number());
    wanted.forEach(trigger -> database.run(trigger.sql()));
    return !matches(ours, wanted) || mayHush(present);
  }

  /**
   * Whether a trigger of the application's, newer than ours, may have ended what fires before it.
   */
  private static boolean mayHush(List<TriggerTable.Trigger> present) {
    return present.stream()
        .dropWhile(trigger -> !trigger.isOurs())
        .anyMatch(
            trigger ->
                !trigger.isOurs() && trigger.sql().toUpperCase(Locale.ROOT).contains("RAISE"));
  }

  private static boolean matches(
      List<TriggerTable.Trigger> present, List<Triggers.Definition> wanted) {
    List<String> sql = present.stream().map(TriggerTable.Trigger::sql).toList();
    return sql.equals(wanted.stream().map(Triggers.Definition::sql).toList());
  }

  /** Removes our triggers of a table, whatever it is called now; inside a write transaction. */
  public void remove(int table) {
    Triggers.names(table).forEach(triggers::drop);
  }

  /**
   * Puts the rows under suspicion in which a column is not what an unwritten one would be. They
   * were touched before anything that has a time.
   */
  public void suspectWritten(TrackedTable table, Column column) {
    Value unwritten = column.defaultValue().orElse(Value.NULL);
    String sql =
        "INSERT INTO %s (at, %s) SELECT 1, %s FROM %s WHERE %s IS NOT %s"
            .formatted(
                table.touched(),
                Triggers.logKeys(table),
                Triggers.ownKeys(table),
                Identifier.quoted(table.name()),
                Identifier.quoted(column.name()),
                Database.placeholder(unwritten));
    database.execute(sql, unwritten);
  }

  /** Puts every key of the table, and every key the mesh knows of it, under suspicion. */
  public void suspectAll(TrackedTable table) {
    String keys = Triggers.logKeys(table);
    String into =
        "INSERT INTO " + table.touched() + " (at, " + keys + ") SELECT " + Triggers.NOW + ", ";
    database.run(into + Triggers.ownKeys(table) + " FROM " + Identifier.quoted(table.name()));
    suspectKnown(table);
  }

  /** Puts every key that the mesh knows of the table under suspicion. */
  public void suspectKnown(TrackedTable table) {
    String keys = Triggers.logKeys(table);
    database.run(
        "INSERT INTO %s (at, %s) SELECT %s, %s FROM %s"
            .formatted(table.touched(), keys, Triggers.NOW, keys, table.shadow()));
  }
}
