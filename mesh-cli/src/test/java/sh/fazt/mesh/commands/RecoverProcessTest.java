package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh of two daemons whose founder's key is replaced, each command a process. */
final class RecoverProcessTest {
  @TempDir private Path folder;
  private int runs;

  @AfterEach
  void stopDaemons() {
    new FaztProcess(folder).stopDaemons();
  }

  /** The exit status, and what was said on standard error. */
  private record Said(int exit, String text) {}

  private Said run(String command, String stdin) throws Exception {
    runs++;
    Path in = Files.writeString(folder.resolve("in" + runs), stdin);
    Path err = folder.resolve("err" + runs);
    Process process = new FaztProcess(folder).start(command, in, folder.resolve("out" + runs), err);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), Files.readString(err));
  }

  /** The words as a person copies them, their numbers and all. */
  private static String words(Said said) {
    List<String> lines =
        said.text().lines().filter(line -> line.matches("\\s+[0-9]+ [a-z]+ .*")).toList();
    assertThat(lines).as(said.text()).hasSize(6);
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void theWordsOfAFoundingReplaceItsKeyOnce() throws Exception {
    FaztProcess fazt = new FaztProcess(folder);
    new SqliteFile(folder.resolve("vps.db")).run("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    String address = "127.0.0.1:" + FaztProcess.freePort();
    Said init = run("mesh init --db vps.db --name vps --listen " + address, "");
    assertThat(init.exit()).as(init.text()).isZero();
    String words = words(init);
    fazt.run("mesh daemon --db vps.db --detach").succeeds();
    fazt.join("laptop.db", "vps.db", "https://" + address);
    fazt.run("mesh sync --db laptop.db").succeeds();

    String mistyped = words.replaceFirst(" 2 [a-z]+", " 2 abandn");
    Said typo = run("mesh recover --db vps.db --yes", mistyped);
    assertThat(typo.exit()).isEqualTo(2);
    assertThat(typo.text()).contains("word 2, 'abandn'", "the nearest is 'abandon'");

    Said done = run("mesh recover --db vps.db --yes", words);
    assertThat(done.exit()).as(done.text()).isZero();
    String next = words(done);
    assertThat(next).isNotEqualTo(words);
    assertThat(fazt.status("vps.db").objects("peers")).isEmpty();
    fazt.token("vps.db");
    fazt.run("mesh daemon --stop --db vps.db").succeeds();
    fazt.run("mesh daemon --stop --db laptop.db").succeeds();

    Said again = run("mesh recover --db vps.db --yes", words);
    assertThat(again.exit()).isEqualTo(4);
    Said offline = run("mesh recover --db vps.db --yes --no-phrase", next);
    assertThat(offline.exit()).as(offline.text()).isZero();
    assertThat(offline.text()).doesNotContain("Write these");
  }

  @Test
  void asJsonTheWordsGoToAFileOrNowhere() throws Exception {
    new SqliteFile(folder.resolve("vps.db")).run("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    assertThat(run("mesh init --db vps.db --json", "").exit()).isEqualTo(2);
    assertThat(run("mesh init --db vps.db --json --phrase-file paper", "").exit()).isZero();
    String words = Files.readString(folder.resolve("paper"));
    for (int i = 1; i <= runs; i++) {
      for (String printed : List.of("out" + i, "err" + i)) {
        assertThat(Files.readString(folder.resolve(printed)))
            .doesNotContain(words.lines().findFirst().orElseThrow().strip());
      }
    }
    assertThat(run("mesh recover --db vps.db --yes --json --no-phrase", words).exit()).isZero();
  }
}
