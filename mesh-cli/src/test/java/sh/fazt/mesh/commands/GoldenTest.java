package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every script of {@code src/test/resources/golden} prints what stands in it. With {@code
 * -Dgolden.update=true} the scripts are rewritten to what was printed, for review.
 */
final class GoldenTest {
  private static final Path SCRIPTS = Path.of("src", "test", "resources", "golden");

  @TestFactory
  Stream<DynamicTest> commandsPrintWhatTheScriptsSay(@TempDir Path folder) throws IOException {
    List<Path> scripts;
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      scripts = files.sorted().toList();
    }
    assertThat(scripts).isNotEmpty();
    return scripts.stream()
        .map(script -> dynamicTest(script.getFileName().toString(), () -> run(script, folder)));
  }

  private static void run(Path file, Path folder) throws IOException {
    GoldenScript script = GoldenScript.parse(Files.readString(file));
    assertThat(script.steps()).isNotEmpty();
    Path own = Files.createDirectory(folder.resolve(file.getFileName().toString()));
    List<GoldenScript.Expected> printed = new ArrayList<>();
    try (GoldenWorld world = new GoldenWorld(own)) {
      for (GoldenScript.Step step : script.steps()) {
        printed.add(world.run(step));
      }
    }
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, script.withExpected(printed));
      return;
    }
    for (int i = 0; i < printed.size(); i++) {
      GoldenScript.Step step = script.steps().get(i);
      assertThat(GoldenScript.text(printed.get(i)))
          .as("$ %s", step.command())
          .isEqualTo(GoldenScript.text(step.expected()));
    }
  }
}
