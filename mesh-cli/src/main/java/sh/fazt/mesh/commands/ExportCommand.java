package sh.fazt.mesh.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh export}. */
@Command(
    name = "export",
    description = {
      "Write what this node holds to a file, a bundle, for a node that no link reaches.",
      "It holds the rows as they are: whoever has the file can read them."
    })
final class ExportCommand extends MeshCommand {
  @Parameters(paramLabel = "FILE", description = "The file to write; - for standard output.")
  private String file = "";

  @Option(
      names = "--for",
      paramLabel = "PEER",
      description = "Leave out what this member, by name or id, is known to have.")
  private Optional<String> peer = Optional.empty();

  @Option(names = "--force", description = "Replace a file that is there.")
  private boolean force;

  ExportCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    if (file.equals("-")) {
      return toStandardOutput(session);
    }
    Json.Obj result = export(session, Path.of(file).toAbsolutePath(), force).with("file", file);
    session.screen().answer(result, () -> show(session.screen(), result));
    session
        .screen()
        .hint(
            Glyph.INFO,
            "Next, on "
                + peer.orElse("the other machine")
                + ": fazt mesh import "
                + Session.quoted(String.valueOf(Path.of(file).getFileName())));
    return OK;
  }

  private Json.Obj export(Session session, Path target, boolean replace) {
    Json.Obj params = Json.object().with("file", target.toString()).with("force", replace);
    return BundleCall.ask(
        session, "export", peer.map(name -> params.with("peer", name)).orElse(params));
  }

  private int toStandardOutput(Session session) {
    try {
      Path folder = BundleCall.folder(session);
      Path whole = folder.resolve("bundle");
      try {
        export(session, whole, true);
        Files.copy(whole, session.wiring().out());
        session.wiring().out().flush();
      } finally {
        Files.deleteIfExists(whole);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("standard output: " + e.getMessage(), e);
    }
    return OK;
  }

  private static void show(Screen screen, Json.Obj result) {
    long leftOut = result.whole("left_out");
    screen.say(
        Glyph.DONE,
        result.text("file")
            + ": "
            + Units.batches(result.whole("batches"))
            + ", "
            + Units.bytes(result.whole("bytes"))
            + (leftOut == 0 ? "" : "; " + Units.count(leftOut) + " more are there already"));
  }
}
