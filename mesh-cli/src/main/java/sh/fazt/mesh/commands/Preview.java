package sh.fazt.mesh.commands;

import java.util.List;
import java.util.Set;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.PreviewMessage;

/**
 * Both sides of a join, compared.
 *
 * @param nodeId the inviting node
 * @param nodeName what it is called
 * @param owner who owns it
 * @param clockAheadMillis its clock less ours
 * @param tables one line a table that it replicates
 * @param texts how these are made
 * @param chosen the names of those that will replicate here
 */
record Preview(
    String nodeId,
    String nodeName,
    String owner,
    long clockAheadMillis,
    List<Entry> tables,
    List<PreviewMessage.TableText> texts,
    Set<String> chosen) {
  /**
   * One table.
   *
   * @param onlyHere rows with a key that the other side lacks
   * @param different rows with one key and other values
   * @param note what happens to those, or why the table stays out
   */
  record Entry(
      String table, long onlyHere, long onlyThere, long same, long different, String note) {
    long rowsHere() {
      return onlyHere + same + different;
    }

    /** Whether there is nothing to say of it. */
    boolean isEmpty() {
      return rowsHere() + onlyThere == 0 && note.isEmpty();
    }

    Json.Obj json() {
      return Json.object()
          .with("table", table)
          .with("only_here", onlyHere)
          .with("only_there", onlyThere)
          .with("same", same)
          .with("different", different)
          .with("note", note);
    }
  }

  Preview {
    tables = List.copyOf(tables);
    texts = List.copyOf(texts);
    chosen = Set.copyOf(chosen);
  }

  /** Rows here in the tables that would replicate. */
  long rowsHere() {
    return tables.stream().filter(this::isChosen).mapToLong(Entry::rowsHere).sum();
  }

  /** Rows that will come. */
  long rowsToCome() {
    return tables.stream()
        .filter(this::isChosen)
        .mapToLong(table -> table.onlyThere() + table.same() + table.different())
        .sum();
  }

  /** Rows that both sides have, with other values. */
  long different() {
    return tables.stream().filter(this::isChosen).mapToLong(Entry::different).sum();
  }

  private boolean isChosen(Entry entry) {
    return chosen.contains(entry.table());
  }

  Json.Obj json() {
    return Json.object()
        .with(
            "inviter",
            Json.object()
                .with("id", nodeId)
                .with("name", nodeName)
                .with("owner", owner)
                .with("clock_offset_ms", clockAheadMillis))
        .with("rows_here", rowsHere())
        .with("tables", Json.array(tables.stream().map(Entry::json).toList()));
  }
}
