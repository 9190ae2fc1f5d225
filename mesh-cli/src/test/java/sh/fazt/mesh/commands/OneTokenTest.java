package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.MeshSetup;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.node.Joiner;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.store.PersonaFile.Persona;

/** One token admits one node, however many come with it at once. */
final class OneTokenTest {
  private static final int JOINERS = 64;

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newFixedThreadPool(JOINERS);
  private final Ambient ambient = Ambient.system();

  @AfterEach
  void end() {
    threads.shutdownNow();
    new FaztProcess(folder).stopDaemons();
  }

  @Test
  void ofManyJoinsAtOnceOneIsAccepted() throws Exception {
    FaztProcess fazt = new FaztProcess(folder);
    new SqliteFile(folder.resolve("vps.db")).run("CREATE TABLE notes (id TEXT PRIMARY KEY, text)");
    InviteUrl url = InviteUrl.parse(fazt.found("vps.db"));
    InviteToken token = InviteToken.parse(fazt.token("vps.db"));
    CountDownLatch together = new CountDownLatch(JOINERS);
    List<Future<Optional<ErrorCode>>> outcomes = new ArrayList<>();
    for (int i = 0; i < JOINERS; i++) {
      Joiner joiner =
          new Joiner(
              folder.resolve("joiner" + i + ".db"),
              new ListenAddress(url.host(), url.port()),
              token,
              Persona.generate("jay", ambient.chance()),
              "joiner" + i,
              ambient);
      outcomes.add(threads.submit(() -> join(joiner, together)));
    }
    int accepted = 0;
    for (int i = 0; i < JOINERS; i++) {
      Optional<ErrorCode> refusal = outcomes.get(i).get();
      accepted += refusal.isEmpty() ? 1 : 0;
      assertThat(Files.exists(folder.resolve("joiner" + i + ".db"))).isEqualTo(refusal.isEmpty());
      // A server under siege may also hang up on some of them.
      assertThat(List.of(ErrorCode.TOKEN_UNKNOWN, ErrorCode.PEER_UNREACHABLE))
          .containsAll(refusal.stream().toList());
    }
    assertThat(accepted).isOne();
    assertThat(fazt.status("vps.db").objects("peers")).hasSize(1);
  }

  private static Optional<ErrorCode> join(Joiner joiner, CountDownLatch together)
      throws InterruptedException {
    together.countDown();
    together.await();
    try {
      joiner.join(List.of(), new MeshSetup.JoinWish("joiner", Optional.empty(), Set.of()));
      return Optional.empty();
    } catch (MeshException e) {
      return Optional.of(e.code());
    }
  }
}
