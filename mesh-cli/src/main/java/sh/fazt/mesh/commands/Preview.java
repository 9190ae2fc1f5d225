package sh.fazt.mesh.commands;

import java.util.List;
import sh.fazt.mesh.output.Json;

/**
 * Both sides of a join, compared.
 *
 * @param nodeId the inviting node
 * @param nodeName what it is called
 * @param owner who owns it
 * @param rowsHere rows in the tables that would replicate
 */
record Preview(String nodeId, String nodeName, String owner, long rowsHere, List<Entry> tables) {
  /**
   * One table.
   *
   * @param onlyHere rows with a key that the other side lacks
   * @param different rows with one key and other values
   * @param note what happens to those, or why the table stays out
   */
  record Entry(
      String table, long onlyHere, long onlyThere, long same, long different, String note) {
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
  }

  Json.Obj json() {
    return Json.object()
        .with(
            "inviter", Json.object().with("id", nodeId).with("name", nodeName).with("owner", owner))
        .with("rows_here", rowsHere)
        .with("tables", Json.array(tables.stream().map(Entry::json).toList()));
  }
}
