package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.store.ExportFile;

/**
 * Where new recovery words go: to standard error, which no pipe and no program reads by mistake, or
 * to a file.
 */
final class PhraseOptions {
  private static final int WORDS_A_LINE = 4;

  @Option(
      names = "--phrase-file",
      paramLabel = "FILE",
      description = "Write the 24 recovery words to a new file, and do not show them.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--no-phrase",
      description = "Make no recovery words; a stolen key can then never be replaced.")
  private boolean none;

  /**
   * To be called before anything is done.
   *
   * @param typed what the person typed
   * @throws MeshException USAGE if both were said, or nothing, where words cannot be shown
   */
  void check(Screen screen, String typed) {
    if (none && file.isPresent()) {
      throw new MeshException(
          ErrorCode.USAGE, "--phrase-file and --no-phrase: say one of the two", typed);
    }
    if (screen.isJson() && !none && file.isEmpty()) {
      throw new MeshException(
          ErrorCode.USAGE,
          "as JSON the 24 recovery words are not shown; say where they go with --phrase-file FILE, or"
              + " --no-phrase",
          typed + " --phrase-file FILE");
    }
  }

  /** Fresh words, in their file already if they go to one; none if nobody wants any. */
  Optional<RecoveryPhrase> draw(Wiring wiring) {
    if (none) {
      return Optional.empty();
    }
    RecoveryPhrase words = RecoveryPhrase.draw(wiring.chance());
    file.ifPresent(target -> ExportFile.write(target, String.join("\n", lines(words)) + "\n"));
    return Optional.of(words);
  }

  /** Shows them, or says where they are. */
  void show(Session session, RecoveryPhrase words) {
    Screen screen = session.screen();
    if (file.isPresent()) {
      screen.hint(
          Glyph.WARNING,
          "The recovery words are in " + file.get() + ": put them on paper, and delete the file");
    } else {
      screen.hint(
          Glyph.WARNING, "Write these 24 recovery words on paper; they are never shown again:");
      screen.hint("");
      lines(words).forEach(screen::hint);
      screen.hint("");
    }
    screen.hint(
        Glyph.INFO,
        "If your key is lost or stolen they replace it: "
            + session.command("fazt mesh recover")
            + ". Whoever has them owns this mesh");
  }

  private static List<String> lines(RecoveryPhrase phrase) {
    List<String> words = phrase.words();
    return IntStream.range(0, words.size() / WORDS_A_LINE)
        .mapToObj(line -> line(words, line * WORDS_A_LINE))
        .toList();
  }

  private static String line(List<String> words, int from) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < from + WORDS_A_LINE; i++) {
      text.append("%5d %-8s".formatted(i + 1, words.get(i)));
    }
    return text.toString().stripTrailing();
  }
}
