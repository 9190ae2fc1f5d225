package sh.fazt.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
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
    assumeTrue(
        run(List.of("sh", "-c", "mount -t tmpfs none " + folder)) == 0,
        "this user may not mount a small disk in a namespace of its own");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String path = System.getProperty("java.class.path");
    assertThat(run(List.of(java, "-cp", path, FullDisk.class.getName(), folder.toString())))
        .as("exit status")
        .isZero();
  }

  private static int run(List<String> command) throws InterruptedException {
    try {
      ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(NAMESPACE));
      builder.command().addAll(command);
      return builder.inheritIO().start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }
}
