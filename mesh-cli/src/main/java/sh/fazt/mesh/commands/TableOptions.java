package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import sh.fazt.mesh.schema.ReplicationPlan.Choice;

/** Which tables: for init and join. Filled in by picocli. */
final class TableOptions {
  @Option(
      names = "--only",
      split = ",",
      paramLabel = "TABLE",
      description = "Replicate these tables alone.")
  List<String> only = new ArrayList<>();

  @Option(
      names = "--all",
      description = "Replicate every table that can be, integer keys included.")
  boolean all;

  @Option(names = "--i-know", description = "Allow tables with secrets and sessions.")
  boolean iKnow;

  /** A command line with these options. */
  Retyped onto(Retyped command) {
    return command
        .with("--only", only.isEmpty() ? Optional.empty() : Optional.of(String.join(",", only)))
        .with("--all", all)
        .with("--i-know", iKnow);
  }

  Choice choice() {
    if (all) {
      return new Choice.All(iKnow);
    }
    return only.isEmpty() ? new Choice.Usual() : new Choice.Only(Set.copyOf(only), iKnow);
  }
}
