package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.node.InviteCode;
import sh.fazt.mesh.node.Joiner;

/** One token admits one node, however many come with it at once. */
final class OneTokenTest {
  private static final int JOINERS = 64;

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newFixedThreadPool(JOINERS);

  @AfterEach
  void end() {
    threads.shutdownNow();
    new FaztProcess(folder).stopDaemons();
  }

  @Test
  void ofManyJoinsAtOnceOneIsAccepted() throws Exception {
    FaztProcess fazt = new FaztProcess(folder);
    new SqliteFile(folder.resolve("vps.db")).run("CREATE TABLE notes (id TEXT PRIMARY KEY, text)");
    InviteCode invite = InviteCode.of(fazt.found("vps.db"), fazt.token("vps.db"));
    CountDownLatch together = new CountDownLatch(JOINERS);
    List<Future<Optional<ErrorCode>>> outcomes = new ArrayList<>();
    for (int i = 0; i < JOINERS; i++) {
      Joiner joiner =
          Joiner.of(folder.resolve("joiner" + i + ".db"), invite, Persona.create("jay"))
              .knowing(List.of());
      outcomes.add(threads.submit(() -> join(joiner, together)));
    }
    int accepted = 0;
    for (int i = 0; i < JOINERS; i++) {
      Optional<ErrorCode> refusal = outcomes.get(i).get();
      accepted += refusal.isEmpty() ? 1 : 0;
      assertThat(Files.exists(folder.resolve("joiner" + i + ".db"))).isEqualTo(refusal.isEmpty());
      // A server under siege may also send some away, or hang up on them.
      assertThat(List.of(ErrorCode.TOKEN_UNKNOWN, ErrorCode.PEER_UNREACHABLE, ErrorCode.TOO_MANY))
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
      joiner.join();
      return Optional.empty();
    } catch (MeshException e) {
      return Optional.of(e.code());
    }
  }
}
