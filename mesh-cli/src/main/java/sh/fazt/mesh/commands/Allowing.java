package sh.fazt.mesh.commands;

import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import sh.fazt.mesh.Deciding;
import sh.fazt.mesh.MassDeletes;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.output.Json;

/**
 * Lets deletes that wait pass, or takes them back, a page at a time, and says how far that has
 * come. What is begun and ended on the mesh stays there; this is for one thread beside it.
 */
final class Allowing {
  private static final String MORE = "more";

  private final OnMesh mesh;
  private final Notes notes;
  private final AtomicReference<Deciding> begun = new AtomicReference<>();

  /** Runs work where the mesh may be used, and gives back its answer. */
  interface OnMesh {
    Json.Obj ask(Function<Mesh, Json.Obj> work);
  }

  Allowing(OnMesh mesh, Notes notes) {
    this.mesh = mesh;
    this.notes = notes;
  }

  /** Does what was asked for: {@code tables}, and whether to {@code undo}. */
  Json.Obj decide(Json.Obj params) {
    boolean undo = params.flag("undo");
    mesh.ask(open -> begin(open.massDeletes(), Set.copyOf(params.texts("tables")), undo));
    try {
      Json.Obj state = mesh.ask(open -> next(undo));
      while (state.flag(MORE)) {
        notes.progress(state);
        state = mesh.ask(open -> next(undo));
      }
      return mesh.ask(open -> HeldDocument.of(begun.get().decision(), undo));
    } finally {
      mesh.ask(open -> end());
    }
  }

  private Json.Obj begin(MassDeletes deletes, Set<String> tables, boolean undo) {
    begun.set(undo ? deletes.undoing(tables) : deletes.allowing(tables));
    return Json.object();
  }

  private Json.Obj next(boolean undo) {
    Deciding work = begun.get();
    boolean more = work.next();
    return Json.object()
        .with(MORE, more)
        .with("label", undo ? "bringing back" : "allowing")
        .with("done", work.rows())
        .with("total", work.total())
        .with("bytes", 0L);
  }

  private Json.Obj end() {
    begun.get().close();
    return Json.object();
  }
}
