package sh.fazt.mesh.sim;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No statement that SQLite accepts escapes the triggers, or is told anything else because of them.
 */
class CaptureSimTest {
  /** 25 shapes of twice 4,000 make the 200,000 that are promised. */
  private static final int STATEMENTS = Integer.getInteger("sim.capture.statements", 4_000);

  @TempDir Path folder;

  static List<Shape> shapes() {
    return Shape.all();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void nothingIsMissed(Shape shape) {
    CaptureSim.run(shape, 1, false, STATEMENTS, folder);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void programIsToldTheSameAsWithoutTheMesh(Shape shape) {
    CaptureSim.run(shape, 2, true, STATEMENTS, folder);
  }
}
