package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/demo mesh}, with fewer nodes and for a shorter time. */
final class DemoMeshTest {
  private static final int MINUTES_MAX = 5;

  @TempDir private Path folder;

  /** What the demo prints, and how it ends. */
  private record Told(String text, int exit) {}

  @BeforeEach
  void requirePython() throws InterruptedException {
    assumeTrue(hasPython(), "python3 with sqlite3 is not installed here");
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "-c", "import sqlite3").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The program under test, as a command of its own.
   *
   * @param before what the shell does before each command; {@code $1 $2} is {@code mesh sync} or
   *     the like, {@code $database} the file
   */
  private Path program(String before) throws IOException {
    Path program = folder.resolve("fazt");
    Files.writeString(
        program,
        String.join(
            "\n",
            "#!/bin/sh",
            "for database; do :; done",
            before,
            "exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dfazt.terminals= \\"
                .formatted(Path.of(System.getProperty("java.home"), "bin", "java")),
            "  -Dlogback.configurationFile=logback.xml -cp '%s' \\"
                .formatted(System.getProperty("java.class.path")),
            "  %s \"$@\"".formatted(Main.class.getName()),
            ""));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  private Told demo(Path program, String... options) throws Exception {
    Path script = Path.of("..", "scripts", "demo-mesh", "mesh.py").toAbsolutePath().normalize();
    List<String> line = new ArrayList<>(List.of("python3", script.toString()));
    line.addAll(List.of("--nodes", "3", "--seconds", "5", "--fazt", program.toString()));
    line.addAll(List.of(options));
    Path said = folder.resolve("said");
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString());
    builder.environment().put("LANG", "C.UTF-8");
    Process process = builder.redirectOutput(said.toFile()).start();
    try {
      assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroy();
    }
    return new Told(Files.readString(said), process.exitValue());
  }

  @Test
  void nodesInALineEndEqualThoughDaemonsAreKilled() throws Exception {
    Told told = demo(program(""), "--seed", "7");
    assertThat(told.exit()).as(told.text()).isZero();
    assertThat(told.text())
        .contains("--seed 7", "is killed", "starts again", "equal on all 3")
        .contains("✓ All 3 files are equal and nothing was lost. No process and no file is left.");
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aRowThatIsLostIsFoundOut() throws Exception {
    String loss =
        "import sqlite3, sys; file = sqlite3.connect(sys.argv[1], timeout=20);"
            + " file.execute('DELETE FROM notes WHERE id = (SELECT min(id) FROM notes)');"
            + " file.commit()";
    Path program = program("[ \"$2\" != sync ] || python3 -c \"" + loss + "\" \"$database\"");
    Told told = demo(program, "--loopback");
    assertThat(told.exit()).as(told.text()).isEqualTo(1);
    assertThat(told.text()).contains("is not as it was committed", "✗ FAILED with seed");
  }
}
