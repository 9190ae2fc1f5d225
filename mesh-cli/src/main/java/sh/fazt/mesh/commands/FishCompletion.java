package sh.fazt.mesh.commands;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Completion rules for the fish shell, made from the commands themselves. */
final class FishCompletion {
  private FishCompletion() {}

  static String script(CommandLine whole) {
    StringBuilder script = new StringBuilder("complete -c fazt -f\n");
    String groups = String.join(" ", whole.getSubcommands().keySet());
    for (Map.Entry<String, CommandLine> group : whole.getSubcommands().entrySet()) {
      rule(script, "not __fish_seen_subcommand_from " + groups, group.getKey(), group.getValue());
      Map<String, CommandLine> commands = group.getValue().getSubcommands();
      String inGroup = "__fish_seen_subcommand_from " + group.getKey();
      String names = String.join(" ", commands.keySet());
      for (Map.Entry<String, CommandLine> command : commands.entrySet()) {
        rule(
            script,
            inGroup + "; and not __fish_seen_subcommand_from " + names,
            command.getKey(),
            command.getValue());
        options(
            script,
            inGroup + "; and __fish_seen_subcommand_from " + command.getKey(),
            command.getValue());
      }
    }
    script.append(
        "complete -c fazt -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'\n");
    return script.toString();
  }

  private static void rule(StringBuilder script, String when, String name, CommandLine command) {
    String[] description = command.getCommandSpec().usageMessage().description();
    script.append("complete -c fazt -n '").append(when).append("' -a ").append(name);
    describe(script, description);
  }

  private static void options(StringBuilder script, String when, CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      script.append("complete -c fazt -n '").append(when).append("'");
      for (String name : option.names()) {
        boolean isLong = name.startsWith("--");
        script.append(isLong ? " -l " : " -s ").append(name.substring(isLong ? 2 : 1));
      }
      if (option.arity().min() > 0) {
        script.append(option.longestName().equals("--db") ? " -r -F" : " -x");
      }
      describe(script, option.description());
    }
  }

  private static void describe(StringBuilder script, String[] description) {
    if (description.length > 0) {
      String text = description[0].replace("$$", "$").replaceAll(" \\(default: \\$\\{.*?}\\)", "");
      script.append(" -d '").append(text.replace("\\", "\\\\").replace("'", "\\'")).append("'");
    }
    script.append('\n');
  }
}
