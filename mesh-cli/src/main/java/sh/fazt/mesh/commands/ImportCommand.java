package sh.fazt.mesh.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh import}. */
@Command(
    name = "import",
    description = {
      "Take in a bundle that another node has exported, as if it came over a link.",
      "It is checked as a whole first; a second time changes nothing."
    })
final class ImportCommand extends MeshCommand {
  /** As {@code doctor} ends where something is left to do. */
  private static final int DEGRADED = 6;

  @Parameters(paramLabel = "FILE", description = "The bundle; - for standard input.")
  private String file = "";

  ImportCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj result =
        file.equals("-")
            ? fromStandardInput(session)
            : taken(session, Path.of(file).toAbsolutePath());
    session.screen().answer(result, () -> show(session.screen(), result));
    if (result.objects("missing").isEmpty()) {
      session.screen().hint("Next: " + session.command("fazt mesh status"));
      return OK;
    }
    session
        .screen()
        .hint(
            Glyph.INFO, "On " + result.text("maker") + ", for a whole one: fazt mesh export FILE");
    return DEGRADED;
  }

  private static Json.Obj taken(Session session, Path bundle) {
    return BundleCall.ask(session, "import", Json.object().with("file", bundle.toString()));
  }

  private static Json.Obj fromStandardInput(Session session) {
    try {
      Path folder = BundleCall.folder(session);
      Path whole = folder.resolve("bundle");
      try {
        Files.copy(session.wiring().bytes(), whole, StandardCopyOption.REPLACE_EXISTING);
        return taken(session, whole);
      } catch (MeshException e) {
        String message = String.valueOf(e.getMessage()).replace(whole.toString(), "standard input");
        throw new MeshException(e.code(), message, e.remedy().orElse(null), e);
      } finally {
        Files.deleteIfExists(whole);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("standard input: " + e.getMessage(), e);
    }
  }

  private static void show(Screen screen, Json.Obj result) {
    screen.say(
        Glyph.DONE,
        Units.batches(result.whole("delivered"))
            + " from "
            + result.text("maker")
            + " taken in; already here: "
            + Units.count(result.whole("known")));
    if (result.flag("members_changed")) {
      screen.say(Glyph.INFO, "There is news of members: fazt mesh peers");
    }
    for (Json.Obj range : result.objects("missing")) {
      long from = range.whole("from");
      long to = range.whole("to");
      screen.say(
          Glyph.WARNING,
          "The rest needs "
              + (from == to ? "batch " + from : "batches " + from + "–" + to)
              + " of "
              + range.text("node")
              + " first");
    }
    say(screen, result.whole("unknown_authors"), "of nodes that are no members here left out");
    say(screen, result.whole("forked"), "of nodes that signed twice left out");
  }

  private static void say(Screen screen, long count, String what) {
    if (count > 0) {
      screen.say(Glyph.WARNING, Units.batches(count) + " " + what);
    }
  }
}
