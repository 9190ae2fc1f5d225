package sh.fazt.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk is told of, left to the application, and survived. */
final class FullDiskTest {
  private static final List<String> NAMESPACE = List.of("unshare", "-Urm");

  @TempDir private Path folder;

  @Test
  void fullDiskIsLeftToTheApplicationAndSurvived() throws Exception {
    Path said = folder.resolve("said");
    assumeTrue(
        run(List.of("sh", "-c", "mount -t tmpfs none " + folder), said) == 0,
        "this user may not mount a small disk in a namespace of its own");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String path = System.getProperty("java.class.path");
    int status = run(List.of(java, "-cp", path, FullDisk.class.getName(), folder.toString()), said);
    assertThat(status).as(Files.readString(said)).isZero();
  }

  private static int run(List<String> command, Path said) throws InterruptedException {
    try {
      ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(NAMESPACE));
      builder.command().addAll(command);
      builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(said.toFile()));
      return builder.start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }
}
