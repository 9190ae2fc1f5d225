package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

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

  TableChoice choice() {
    return TableChoice.of(only, all, iKnow);
  }
}
