package sh.fazt.mesh.node;

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

/** Two machines on one cable: namespaces that the test makes itself. */
final class NamespaceTest {
  private static final List<String> NAMESPACE = List.of("unshare", "-Urn");

  @TempDir private Path folder;

  @Test
  void twoMachinesFindEachOtherByEitherFamilyWhateverAddressesTheyHadBefore() throws Exception {
    Path said = folder.resolve("said");
    assumeTrue(
        run(
                List.of(
                    "sh",
                    "-c",
                    "command -v nsenter && ip link add name near type veth peer name far"),
                said)
            == 0,
        "this user may not make networks in a namespace of its own: " + Files.readString(said));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String path = System.getProperty("java.class.path");
    int status =
        run(List.of(java, "-cp", path, TwoMachines.class.getName(), folder.toString()), said);
    assertThat(status).as(Files.readString(said)).isZero();
  }

  private static int run(List<String> command, Path said) throws IOException, InterruptedException {
    Files.writeString(said, "");
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
