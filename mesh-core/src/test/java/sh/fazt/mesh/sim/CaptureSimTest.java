package sh.fazt.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No statement that SQLite accepts escapes the triggers, or is told otherwise because of them. */
class CaptureSimTest {
  private static final long SEED = Long.getLong("sim.seed", 1);

  /** Of each shape and kind of run: 25 shapes, each twice, make the 200,000 that are promised. */
  private static final int STATEMENTS = Integer.getInteger("sim.statements", 200_000) / 50;

  @TempDir Path folder;

  static List<Shape> shapes() {
    return Shape.all();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void nothingIsMissed(Shape shape) {
    try (CaptureSim sim = new CaptureSim(shape, SEED, false, folder)) {
      sim.run(STATEMENTS);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void programIsToldTheSameAsWithoutTheMesh(Shape shape) {
    try (CaptureSim sim = new CaptureSim(shape, SEED + 1, true, folder)) {
      sim.run(STATEMENTS);
    }
  }

  /** The judge is judged: without any one of the triggers it finds a row that was missed. */
  @ParameterizedTest
  @ValueSource(strings = {"ai", "au", "ad", "bi", "bu"})
  void missingTriggerIsFoundOut(String trigger, @TempDir Path folders) throws IOException {
    Shape shape =
        shapes().stream().filter(s -> s.name().startsWith("two unique")).findFirst().orElseThrow();
    List<String> complaints = new ArrayList<>();
    for (long seed = 1; complaints.isEmpty() && seed <= 20; seed++) {
      Path each = Files.createDirectory(folders.resolve("seed" + seed));
      try (CaptureSim sim = new CaptureSim(shape, seed, false, each)) {
        sim.app().tell("DROP TRIGGER _mesh_" + trigger + "_1");
        sim.run(90);
      } catch (AssertionError e) {
        complaints.add(e.getMessage());
      }
    }
    assertThat(complaints).singleElement().asString().contains("without a trace");
  }
}
