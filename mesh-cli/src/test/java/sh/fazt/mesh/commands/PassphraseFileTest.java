package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A passphrase from the first line of a file that has more, as a process of its own reads it. */
final class PassphraseFileTest {
  private static final String PASSPHRASE = "correct horse\n";

  @TempDir private Path folder;

  private FaztProcess.Result export(String name, String from) throws Exception {
    String command = "identity export --json --output " + name + " --passphrase-file " + from;
    return new FaztProcess(folder).run(command);
  }

  @Test
  void aFileOverTheLimitIsRefusedAndNothingIsWritten() throws Exception {
    FaztProcess fazt = new FaztProcess(folder);
    fazt.run("identity init --name jay").succeeds();
    String filler = "x".repeat(PassphraseOptions.FILE_BYTES_MAX - PASSPHRASE.length());
    Path file = Files.writeString(folder.resolve("passphrase"), PASSPHRASE + filler);
    export("whole.identity", "passphrase").succeeds();
    Files.writeString(file, PASSPHRASE + filler + "x");
    assertThat(export("long.identity", "passphrase").failsWith(2, "USAGE"))
        .isEqualTo("passphrase has more than 4,096 bytes, which is too long to hold a passphrase");
    assertThat(export("long.identity", "passphrase").out()).contains("ls -l passphrase");
    assertThat(folder.resolve("long.identity")).doesNotExist();
    Files.writeString(file, PASSPHRASE);
    fazt.run("identity import whole.identity --passphrase-file passphrase").succeeds();
  }

  /** It tells no size, and has no end. */
  @Test
  void whatIsNoOrdinaryFileTakesNoMoreMemory() throws Exception {
    new FaztProcess(folder).run("identity init --name jay").succeeds();
    assertThat(export("long.identity", "/dev/zero").failsWith(2, "USAGE"))
        .contains("more than 4,096 bytes");
  }
}
