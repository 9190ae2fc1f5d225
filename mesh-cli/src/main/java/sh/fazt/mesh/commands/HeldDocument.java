package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.HeldDeletes;
import sh.fazt.mesh.MassDeletes;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Units;

/** Mass deletes that wait, and what became of them, as {@code --format json} has them. */
final class HeldDocument {
  private HeldDocument() {}

  static Json.Obj of(HeldDeletes deletes) {
    return Json.object()
        .with("table", deletes.table())
        .with("author", deletes.author())
        .with("here", deletes.here())
        .with("rows", deletes.rows())
        .with("since", deletes.sinceMillis());
  }

  static Json.Obj warning(HeldDeletes deletes) {
    String rows = Units.count(deletes.rows(), "row") + " of " + deletes.table();
    boolean one = deletes.rows() == 1;
    String message =
        deletes.here()
            ? rows
                + (one ? " was" : " were")
                + " deleted here, in all more than half; no other node is told until you allow it,"
                + " or have the rows back with --undo"
            : deletes.author()
                + " deleted "
                + rows
                + ", in all more than half; "
                + (one ? "it stays" : "they stay")
                + " here until you allow it, or refuse it with --undo";
    return Warnings.warning(Warnings.HELD, message)
        .with("count", deletes.rows())
        .with("held", of(deletes))
        .with("run", "fazt mesh allow " + deletes.table());
  }

  /** What was decided. */
  static Json.Obj of(MassDeletes.Decision decision, boolean undo) {
    Json.Obj document =
        Json.object()
            .with("undone", undo)
            .with("deletes", Json.array(list(decision.deletes())))
            .with("unknown", decision.unknown());
    Optional<Path> kept = decision.restorePoint();
    return kept.isPresent() ? document.with("restore_point", kept.get().toString()) : document;
  }

  /** Guards tables or not, if that was said. */
  static void guard(MassDeletes deletes, Set<String> tables, Json.Obj params) {
    if (params.has("guard")) {
      deletes.guard(tables, params.flag("guard"));
    }
  }

  private static List<Json.Obj> list(List<HeldDeletes> deletes) {
    return deletes.stream().map(HeldDocument::of).toList();
  }
}
