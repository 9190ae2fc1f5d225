package sh.fazt.mesh.commands;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.output.Failure;
import sh.fazt.mesh.output.Format;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Terminal;

/** The program {@code fazt}. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), Wiring.system()));
  }

  /** Runs one command line and returns its exit status. */
  static int run(List<String> arguments, Wiring wiring) {
    if (!arguments.isEmpty() && arguments.get(0).startsWith("@")) {
      return refuseRemote(arguments, wiring);
    }
    CommandLine line = CommandTree.of(arguments, wiring);
    Terminal terminal = wiring.terminal();
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(Math.min(terminal.columns(), 100));
    line.setOut(new PrintWriter(wiring.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(wiring.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            terminal.out() && terminal.colour() ? Ansi.ON : Ansi.OFF));
    line.setParameterExceptionHandler((fault, given) -> refuse(fault, arguments, wiring));
    return line.execute(arguments.toArray(String[]::new));
  }

  private static int refuse(ParameterException fault, List<String> arguments, Wiring wiring) {
    CommandLine command = fault.getCommandLine();
    if (!command.getSubcommands().isEmpty() && arguments.size() <= depth(command)) {
      command.usage(command.getErr());
      return ErrorCode.USAGE.exitStatus();
    }
    String help = command.getCommandSpec().qualifiedName() + " --help";
    return fail(
        new Failure(ErrorCode.USAGE, message(fault), Optional.of(wiring.asCalled(help))),
        arguments,
        wiring);
  }

  private static int depth(CommandLine command) {
    return command.getParent() == null ? 0 : 1 + depth(command.getParent());
  }

  private static String message(ParameterException fault) {
    String message = message(fault, String.valueOf(fault.getMessage()));
    if (fault instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      return message + "; did you mean " + unmatched.getSuggestions().get(0) + "?";
    }
    return message;
  }

  private static String message(ParameterException fault, String text) {
    if (fault instanceof UnmatchedArgumentException unmatched
        && !fault.getCommandLine().getSubcommands().isEmpty()
        && !unmatched.getUnmatched().get(0).startsWith("-")) {
      return "no such command: '" + unmatched.getUnmatched().get(0) + "'";
    }
    if (fault instanceof UnmatchedArgumentException unmatched
        && unmatched.getUnmatched().get(0).startsWith("-")) {
      // What follows may be its value, and was no mistake of its own.
      return "unknown option: '" + unmatched.getUnmatched().get(0) + "'";
    }
    String first = text.lines().findFirst().orElse("wrong usage");
    return Character.toLowerCase(first.charAt(0)) + first.substring(1);
  }

  private static int refuseRemote(List<String> arguments, Wiring wiring) {
    String peer = arguments.get(0).substring(1);
    String rest = String.join(" ", arguments.subList(1, arguments.size()));
    Failure failure =
        new Failure(
            ErrorCode.USAGE,
            "running a command on another node is not supported yet: @" + peer,
            Optional.of("on " + (peer.isEmpty() ? "it" : peer) + ": " + ("fazt " + rest).strip()));
    return fail(failure, arguments, wiring);
  }

  private static int fail(Failure failure, List<String> arguments, Wiring wiring) {
    Format format = wantsJson(arguments) ? Format.JSON : Format.ALIGNED;
    new Screen(wiring.out(), wiring.err(), wiring.terminal(), format).failure(failure);
    return failure.code().exitStatus();
  }

  /** Read by hand, since what picocli could not read is what is being reported. */
  private static boolean wantsJson(List<String> arguments) {
    return arguments.contains("--json")
        || arguments.contains("--format=json")
        || String.join(" ", arguments).contains("--format json");
  }
}
