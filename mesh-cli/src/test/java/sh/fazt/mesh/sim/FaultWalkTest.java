package sh.fazt.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.commands.FaztProcess;

/** Whichever system call fails of a harvest, an apply or an opening: nothing is lost by it. */
final class FaultWalkTest {
  @TempDir private Path folder;

  @Test
  void everyCallMayFail() throws Exception {
    Optional<Path> library = Faults.build(folder);
    assumeTrue(library.isPresent(), "gcc is not installed");
    FaztProcess fazt = new FaztProcess(folder);
    CrashNode vps = new CrashNode(fazt, "vps");
    CrashNode laptop = new CrashNode(fazt, "laptop");
    try (CrashGuests guests = new CrashGuests(fazt)) {
      vps.file().run(CrashSim.TABLES);
      guests.pair(vps, laptop);
    } finally {
      vps.kill();
      laptop.kill();
    }
    Path control = folder.resolve("control");
    Faults.steering(control);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            FaultWalk.class.getName(),
            folder.toString(),
            control.toString());
    builder.environment().putAll(Faults.environment(library.get(), control));
    Process walk = builder.inheritIO().start();
    assertThat(walk.waitFor()).as("the walk's exit status").isZero();
  }
}
