package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.output.Json;

/** What a person is told who names or has the wrong thing, by real processes. */
final class HintsTest {
  private static final String FIRST = "jay";

  @TempDir private Path folder;
  private FaztProcess fazt;

  @BeforeEach
  void oneNode() throws Exception {
    fazt = new FaztProcess(folder, Map.of("USER", FIRST));
    new SqliteFile(folder.resolve("vps.db")).run("CREATE TABLE notes (id TEXT PRIMARY KEY, body)");
    fazt.run("mesh init --db vps.db --name vps --no-phrase --yes").succeeds();
  }

  @AfterEach
  void stopDaemons() {
    fazt.stopDaemons();
  }

  private static String failure(FaztProcess.Result result, String code, String what) {
    Json.Obj error = result.json().object("error");
    assertThat(error.text("code")).as(result.out()).isEqualTo(code);
    assertThat(error.text("message")).contains(what);
    Json.Obj details = error.object("details");
    String on = details.text("on").isEmpty() ? "" : "on " + details.text("on") + ": ";
    return on + details.text("run") + details.text("advice");
  }

  @Test
  void theNodeItselfIsNeitherRemovedNorGivenARoleButToldSo() throws Exception {
    String self = "vps is this node itself";
    String leave = failure(fazt.run("mesh remove vps --json --db vps.db"), "PEER_UNKNOWN", self);
    assertThat(leave).isEqualTo("fazt mesh leave --db vps.db");
    String role = failure(fazt.run("mesh role vps read --json --db vps.db"), "PEER_UNKNOWN", self);
    assertThat(role).isEqualTo("on another node: fazt mesh role vps read");
    String typo = failure(fazt.run("mesh remove vsp --json --db vps.db"), "PEER_UNKNOWN", "vsp");
    assertThat(typo).isEqualTo("fazt mesh peers --db vps.db");
  }

  @Test
  void whoseKeyIsMissingIsToldAndHowItComesHere() throws Exception {
    String key = publicKey(fazt);
    String remedy =
        "Bring that key here with fazt identity export and import, or, if it is lost, replace it"
            + " with fazt mesh recover";
    FaztProcess nobody = as("nobody");
    assertThat(
            failure(
                nobody.run("mesh invite --json --db vps.db"),
                "KEYS_MISSING",
                "this node is " + FIRST + " (key " + key + "…)'s"))
        .isEqualTo(remedy);
    FaztProcess other = as("other");
    other.run("identity init --name bob").succeeds();
    assertThat(
            failure(
                other.run("mesh invite --json --db vps.db"),
                "NOT_A_MEMBER",
                "bob (key "
                    + publicKey(other)
                    + "…), owns no member of this mesh; this node is "
                    + FIRST
                    + " (key "
                    + key))
        .isEqualTo(remedy);
    other.run("mesh daemon --detach --listen 127.0.0.1:0 --db vps.db").succeeds();
    failure(other.run("mesh invite --json --db vps.db"), "NOT_A_MEMBER", "bob");
  }

  private FaztProcess as(String home) throws Exception {
    Path own = Files.createDirectory(folder.resolve(home));
    return new FaztProcess(folder, Map.of("FAZT_HOME", own.toString()));
  }

  private static String publicKey(FaztProcess of) throws Exception {
    return of.run("identity show --json")
        .succeeds()
        .json()
        .object("persona")
        .text("public_key")
        .substring(0, 8);
  }
}
