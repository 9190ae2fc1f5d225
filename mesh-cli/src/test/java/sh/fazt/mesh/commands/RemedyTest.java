package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What we tell people to run exists. */
final class RemedyTest {
  private static final Pattern ADVICE =
      Pattern.compile(
          "\"[^\"\n]*?fazt (mesh|identity|beacon) ([a-z]+(?:-[a-z]+)?)((?: --[a-z-]+)?)[^\"\n]*\"");

  @Test
  void everyCommandInAMessageExists(@TempDir Path folder) throws IOException {
    Map<String, String> unknown = new TreeMap<>();
    try (GoldenWorld world = new GoldenWorld(folder);
        Stream<Path> files = Files.walk(Path.of(".."), 12)) {
      CommandLine whole = CommandTree.whole(world.wiring());
      for (Path file : files.filter(RemedyTest::isMainSource).toList()) {
        Matcher matcher = ADVICE.matcher(Files.readString(file));
        while (matcher.find()) {
          CommandLine group = whole.getSubcommands().get(matcher.group(1));
          CommandLine command = group.getSubcommands().get(matcher.group(2));
          String option = matcher.group(3).strip();
          if (command == null
              || !(option.isEmpty() || command.getCommandSpec().optionsMap().containsKey(option))) {
            unknown.put(matcher.group(), file.toString());
          }
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  private static boolean isMainSource(Path file) {
    return file.toString().endsWith(".java") && file.toString().contains("/src/main/java/");
  }
}
