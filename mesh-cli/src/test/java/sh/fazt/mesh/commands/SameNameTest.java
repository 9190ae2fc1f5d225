package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two inviters that do not see each other may admit two nodes of one name. */
final class SameNameTest {
  @TempDir private Path folder;

  @AfterEach
  void stopDaemons() {
    new FaztProcess(folder).stopDaemons();
  }

  @Test
  void aNameThatTwoNodesHaveIsToldWithTheirIds() throws Exception {
    FaztProcess fazt = new FaztProcess(folder);
    new SqliteFile(folder.resolve("vps.db")).run("CREATE TABLE notes (id TEXT PRIMARY KEY, body)");
    String url = fazt.found("vps.db");
    String address = "127.0.0.1:" + FaztProcess.freePort();
    fazt.run(
            "mesh join "
                + url
                + " --db nas.db --name nas --yes --listen "
                + address
                + " --token "
                + fazt.token("vps.db"))
        .succeeds();
    fazt.run("mesh daemon --stop --db nas.db").succeeds();
    fazt.join("pi.db", "vps.db", url);
    fazt.run("mesh daemon --stop --db pi.db").succeeds();
    fazt.run("mesh daemon --stop --db vps.db").succeeds();
    fazt.run("mesh daemon --detach --db nas.db").succeeds();
    Path other = Files.createDirectory(folder.resolve("other"));
    fazt.run(
            "mesh join https://"
                + address
                + " --db "
                + other.resolve("pi.db")
                + " --name pi --yes --no-daemon --listen 127.0.0.1:0 --token "
                + fazt.token("nas.db"))
        .succeeds();
    fazt.run("mesh daemon --detach --db vps.db").succeeds();
    fazt.run("mesh sync vps --db nas.db").succeeds();
    String message = fazt.run("mesh sync pi --db nas.db --json").failsWith(2, "PEER_UNKNOWN");
    assertThat(message)
        .matches("2 members are called pi; name one by its id: (fazt_nod_\\w+(, )?){2}");
  }
}
