package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/** Two nodes that exchange a file, each command a process, with daemons and without. */
final class BundleProcessTest {
  private static final String ROWS = "SELECT id, v FROM t ORDER BY id";

  @TempDir private Path folder;

  @AfterEach
  void stopDaemons() {
    new FaztProcess(folder).stopDaemons();
  }

  @Test
  void aFileCarriesWhatWasWrittenBothWays() throws Exception {
    FaztProcess fazt = new FaztProcess(folder);
    SqliteFile vps = new SqliteFile(folder.resolve("vps.db"));
    SqliteFile laptop = new SqliteFile(folder.resolve("laptop.db"));
    vps.run("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT); INSERT INTO t VALUES ('a', '1')");
    fazt.join("laptop.db", "vps.db", fazt.found("vps.db"));
    fazt.run("mesh sync --db laptop.db").succeeds();
    fazt.run("mesh daemon --stop --db laptop.db").succeeds();

    vps.run("INSERT INTO t VALUES ('v', 'of the vps')");
    laptop.run("INSERT INTO t VALUES ('l', 'of the laptop')");
    Json.Obj made =
        fazt.run("mesh export --for laptop to-laptop --db vps.db --json").succeeds().json();
    assertThat(made.whole("batches")).isOne();
    fazt.run("mesh export --for laptop to-laptop --db vps.db --json").failsWith(2, "FILE_EXISTS");
    Json.Obj offline = fazt.run("mesh import to-laptop --db laptop.db --json").succeeds().json();
    assertThat(offline.whole("delivered")).isOne();
    assertThat(offline.flag("running")).isFalse();

    fazt.run("mesh export --db laptop.db to-vps").succeeds();
    Json.Obj online = fazt.run("mesh import to-vps --db vps.db --json").succeeds().json();
    assertThat(online.flag("running")).isTrue();
    assertThat(online.text("maker")).isEqualTo("laptop");
    assertThat(vps.rows(ROWS)).hasSize(3).isEqualTo(laptop.rows(ROWS));

    byte[] bytes = Files.readAllBytes(folder.resolve("to-vps"));
    Files.write(folder.resolve("torn"), Arrays.copyOf(bytes, bytes.length / 2));
    fazt.run("mesh import torn --db vps.db --json").failsWith(1, "BUNDLE_DAMAGED");
    fazt.run("mesh import vps.db --db laptop.db --json").failsWith(2, "NOT_A_BUNDLE");
  }

  @Test
  void theFileMayBeAPipe() throws Exception {
    FaztProcess fazt = new FaztProcess(folder);
    SqliteFile vps = new SqliteFile(folder.resolve("vps.db"));
    vps.run("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT); INSERT INTO t VALUES ('a', '1')");
    fazt.run("mesh init --db vps.db --name vps --listen 127.0.0.1:0 --yes").succeeds();
    Path piped = Files.createFile(folder.resolve("piped"));
    Process export =
        fazt.start("mesh export - --db vps.db", piped, Files.createFile(folder.resolve("err")));
    assertThat(export.waitFor()).isZero();
    fazt.run("mesh export whole --db vps.db").succeeds();
    assertThat(piped).hasSameBinaryContentAs(folder.resolve("whole"));
    Path answer = Files.createFile(folder.resolve("answer"));
    Process taken =
        fazt.start("mesh import - --db vps.db --json", piped, answer, folder.resolve("err"));
    assertThat(taken.waitFor()).isZero();
    Json.Obj known = (Json.Obj) JsonText.parse(Files.readString(answer));
    assertThat(known.whole("delivered")).isZero();
    assertThat(known.whole("known")).isPositive();
  }
}
