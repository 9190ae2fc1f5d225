package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import sh.fazt.mesh.output.Format;

/** The options that every command takes. Filled in by picocli. */
final class CommonOptions {
  @Option(
      names = "--db",
      paramLabel = "FILE",
      description = "The database (default: $$FAZT_DB_PATH, else ./data.db).")
  Optional<Path> database = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      completionCandidates = Formats.class,
      converter = Formats.class,
      description = "markdown or json (default: aligned on a terminal, else markdown).")
  Optional<Format> format = Optional.empty();

  @Option(names = "--json", description = "The same as --format json.")
  boolean json;

  @Option(names = "--verbose", description = "Show where in the program a failure came from.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  /** What to print on a terminal or elsewhere. */
  Format formatFor(boolean isTerminal) {
    return json ? Format.JSON : format.orElse(isTerminal ? Format.ALIGNED : Format.MARKDOWN);
  }

  /** Reads the name of a format. */
  static final class Formats implements ITypeConverter<Format>, Iterable<String> {
    @Override
    public Format convert(String name) {
      return switch (name) {
        case "markdown" -> Format.MARKDOWN;
        case "json" -> Format.JSON;
        default -> throw new TypeConversionException("'" + name + "' is not markdown or json");
      };
    }

    @Override
    public java.util.Iterator<String> iterator() {
      return List.of("markdown", "json").iterator();
    }
  }
}
