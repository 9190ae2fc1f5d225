package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.ReplicationPlan;
import sh.fazt.mesh.schema.TableShape;
import sh.fazt.mesh.schema.TableVerdict;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.SchemaReader;

/** Looks at the application's tables one by one. Confined. */
final class TableCensus {
  private final Database database;
  private final List<TableVerdict> verdicts;
  private final Set<String> names;

  TableCensus(Database database) {
    this.database = database;
    this.verdicts = new SchemaReader(database).tables();
    this.names = verdicts.stream().map(TableVerdict::name).collect(Collectors.toSet());
  }

  /** What would happen to each table of a database that is in no mesh. */
  static TablePlan plan(Database database, ReplicationPlan.Choice choice) {
    TableCensus census = new TableCensus(database);
    ReplicationPlan plan = ReplicationPlan.of(census.verdicts, choice);
    Set<String> chosen = new HashSet<>();
    plan.replicated().forEach(table -> chosen.add(table.name()));
    List<TableStatus> tables = new ArrayList<>();
    for (TableVerdict verdict : census.verdicts) {
      tables.add(census.status(verdict, chosen.contains(verdict.name()), 0, 0));
    }
    return new TablePlan(plan.preset(), tables);
  }

  List<TableVerdict> verdicts() {
    return verdicts;
  }

  /** How one table stands. */
  TableStatus status(TableVerdict verdict, boolean replicates, long parked, long aside) {
    String name = verdict.name();
    if (verdict instanceof TableVerdict.Refused refused) {
      return new TableStatus(
          name, TableStatus.State.REFUSED, -1, parked, aside, Optional.of(refused.reason()));
    } else if (verdict instanceof TableVerdict.Eligible eligible) {
      TableShape shape = eligible.shape();
      return new TableStatus(
          name,
          replicates ? TableStatus.State.REPLICATED : TableStatus.State.HOME,
          rows(name),
          parked,
          aside,
          replicates ? Optional.empty() : Optional.of(ReplicationPlan.whyHome(names, shape)));
    }
    throw new AssertionError("unhandled " + verdict);
  }

  private long rows(String table) {
    return database.scalar("SELECT count(*) FROM " + Identifier.quoted(table));
  }
}
