package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.fingerprint.StateLimits;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.fingerprint.StatePlan.Apart;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/** What of this database can be compared with others. Confined. */
public final class StatePlanner {
  /** Changes of a table that are parked or held; with more, to compare it says nothing. */
  public static final int WAITING_MAX = 500;

  private final Database database;
  private final HeldTable held;
  private final int planBytesMax;

  public StatePlanner(Database database) {
    this(database, StateLimits.PLAN_BYTES_MAX);
  }

  /**
   * @param planBytesMax of a plan
   */
  public StatePlanner(Database database, int planBytesMax) {
    this.database = database;
    this.planBytesMax = planBytesMax;
    this.held = new HeldTable(database);
  }

  /**
   * A plan of all that replicates here and can be compared.
   *
   * @param apart tables of which too much waits
   */
  public record Planned(StatePlan plan, List<Apart> apart) {
    public Planned {
      apart = List.copyOf(apart);
    }
  }

  /** The plan for these tables. */
  public Planned plan(List<TrackedTable> tables) {
    List<StatePlan.Table> planned = new ArrayList<>();
    List<Apart> apart = new ArrayList<>();
    long left = planBytesMax;
    for (TrackedTable table : tables) {
      StatePlan.Table next = planned(table);
      if (waiting(table) > WAITING_MAX) {
        apart.add(new Apart(next.name(), "", Apart.Why.WAITS));
      } else if (next.bytes() > left || planned.size() == StateLimits.TABLES_MAX) {
        apart.add(new Apart(next.name(), "", Apart.Why.TOO_MANY));
      } else {
        planned.add(next);
        left -= next.bytes();
      }
    }
    return new Planned(StatePlan.of(planned), apart);
  }

  private long waiting(TrackedTable table) {
    return held.count(table)
        + database.scalar(
            "SELECT count(*) FROM _mesh_parked WHERE tbl = ? COLLATE NOCASE",
            Value.of(table.name()));
  }

  private static StatePlan.Table planned(TrackedTable table) {
    ByteWriter key = new ByteWriter();
    for (Column column : table.shape().key()) {
      key.text(Identifier.folded(column.name()))
          .text(column.collation().toUpperCase(Locale.ROOT))
          .text(column.affinity().name());
    }
    List<StatePlan.Column> columns =
        table.shape().columns().stream()
            .map(column -> new StatePlan.Column(Identifier.folded(column.name()), kind(column)))
            .sorted(Comparator.comparing(StatePlan.Column::name))
            .limit(StateLimits.COLUMNS_MAX)
            .toList();
    return new StatePlan.Table(
        Identifier.folded(table.name()), StatePlan.kindOf(key.toBytes()), columns);
  }

  private static long kind(Column column) {
    ByteWriter out = new ByteWriter().text(column.affinity().name());
    out.u8(column.defaultValue().isPresent() ? 1 : 0);
    column.defaultValue().ifPresent(value -> value.writeTo(out));
    return StatePlan.kindOf(out.toBytes());
  }
}
