package sh.fazt.mesh.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs with another SQLite than ours, older by years, write as if there were no mesh. */
class OtherClientsTest {
  private static final int STATEMENTS = 400;

  private static final String PYTHON =
      """
      import sqlite3, sys
      db = sqlite3.connect(sys.argv[1], isolation_level=None)
      db.text_factory = bytes
      for line in open(sys.argv[2], encoding='utf-8'):
          try:
              cursor = db.execute(line)
              print(cursor.fetchall(), cursor.rowcount, db.execute('SELECT changes()').fetchall())
          except sqlite3.Error as e:
              print(type(e).__name__, e)
      """;

  @TempDir Path folder;

  static List<Shape> shapes() {
    return Shape.all();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void commandLineShellIsToldTheSame(Shape shape) throws Exception {
    assumeTrue(isThere("sqlite3"), "sqlite3 is not installed");
    check(shape, 11, file -> List.of("sqlite3", "-batch", "-cmd", ".changes on", file.toString()));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void pythonIsToldTheSame(Shape shape) throws Exception {
    assumeTrue(isThere("python3"), "python3 is not installed");
    Path script = Files.writeString(folder.resolve("client.py"), PYTHON);
    Path statements = folder.resolve("statements.sql");
    check(
        shape,
        12,
        file -> List.of("python3", script.toString(), file.toString(), statements.toString()));
  }

  private interface Command {
    List<String> on(Path database);
  }

  private void check(Shape shape, long seed, Command command) throws Exception {
    StatementMaker maker = new StatementMaker(shape, seed, true);
    String statements =
        Stream.concat(
                Stream.of("PRAGMA foreign_keys = 1"),
                Stream.generate(maker::next).limit(STATEMENTS))
            // With recursive triggers, SQLite 3.40 takes the very row that an UPDATE OR REPLACE
            // changes
            // for one that stands in its way, whatever the delete trigger does.
            .filter(statement -> !statement.equals("PRAGMA recursive_triggers = 1"))
            .map(statement -> statement + ";\n")
            .collect(Collectors.joining());
    Path file = Files.writeString(folder.resolve("statements.sql"), statements + "COMMIT;\n");
    try (World world = new World(shape, seed, folder)) {
      String told = run(command.on(world.here()), file);
      String expected = run(command.on(world.twin()), file);
      assertThat(told).isEqualTo(expected);
      assertThat(told.lines().count()).isGreaterThan(STATEMENTS / 2);
      assertThat(world.exchange()).isEmpty();
      try (Client here = new Client(world.here());
          Client twin = new Client(world.twin())) {
        assertThat(world.difference(twin, here)).isEmpty();
      }
    }
  }

  private static String run(List<String> command, Path input) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    // The one figure that any trigger moves.
    return output.replaceAll(" *total_changes: \\d+", "");
  }

  private static boolean isThere(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
