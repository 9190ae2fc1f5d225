package sh.fazt.mesh.commands;

import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.output.Bar;
import sh.fazt.mesh.output.Json;

/** Draws progress as it comes: {@code label}, {@code done}, {@code total} (rows), {@code bytes}. */
record BarNotes(Bar bar) implements Notes {
  @Override
  public void progress(Json.Obj state) {
    bar.show(state.text("label"), state.whole("done"), state.whole("total"), state.whole("bytes"));
  }

  @Override
  public void event(Json.Obj event) {}
}
