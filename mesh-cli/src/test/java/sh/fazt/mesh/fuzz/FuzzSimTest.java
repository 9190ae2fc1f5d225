package sh.fazt.mesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.fazt.mesh.bytes.Bytes;

/**
 * The same promises under Jazzer, which looks for inputs that reach new code; each target in a
 * process of its own. {@code scripts/sim fuzz} runs all of them, and longer.
 */
class FuzzSimTest {
  private static final int RUNS = Integer.getInteger("sim.runs", 2_000);
  private static final int SEED = Integer.getInteger("sim.seed", 1);
  private static final List<String> TARGETS =
      List.of(System.getProperty("sim.target", "message").split(","));

  @TempDir static Path folder;

  static List<Target> targets() {
    return Targets.all(folder).stream()
        .filter(each -> TARGETS.contains("all") || TARGETS.contains(each.name()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void nothingIsFound(Target target) throws IOException, InterruptedException {
    Path corpus = Path.of("target", "fuzz", target.name());
    Files.createDirectories(corpus);
    int number = 0;
    for (Bytes known : Corpus.of(target)) {
      Files.write(corpus.resolve("known-" + number++), known.toArray());
    }
    Outcome outcome =
        jazzer(FuzzDriver.class, target.name(), RUNS / target.share(), corpus.toString());
    assertThat(outcome.code()).as(outcome.said()).isZero();
    assertThat(outcome.said()).contains("Done " + RUNS / target.share() + " runs");
  }

  /** The fuzzer is judged: it comes upon what no known input is near. */
  @Test
  void aDecoderThatFallsOverFourBytesIsFoundOut() throws IOException, InterruptedException {
    Outcome outcome = jazzer(FragileDriver.class, "fragile", 500_000);
    assertThat(outcome.code()).as(outcome.said()).isNotZero();
    assertThat(outcome.said()).contains("fragile: it threw java.lang.IllegalStateException");
  }

  private record Outcome(int code, String said) {}

  private static Outcome jazzer(Class<?> driver, String name, int runs, String... corpus)
      throws IOException, InterruptedException {
    Path work = Files.createDirectories(Path.of("target", "fuzz"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:-OmitStackTraceInFastThrow",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + driver.getName(),
                "--target_args=" + name + " " + folder.resolve("of-" + name),
                "--instrumentation_includes=sh.fazt.mesh.**",
                "--disabled_hooks=.*",
                "--reproducer_path=" + work,
                "-artifact_prefix=" + work + "/" + name + "-",
                "-runs=" + runs,
                "-seed=" + SEED,
                "-timeout=30",
                "-rss_limit_mb=3000",
                "-max_len=" + Mutation.BYTES_MAX));
    command.addAll(List.of(corpus));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), said);
  }
}
