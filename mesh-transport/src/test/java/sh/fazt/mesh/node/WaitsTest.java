package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.Founder;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.store.Database;

/** Waits that grow, or are drawn by chance, have an end. */
final class WaitsTest {
  @TempDir Path folder;

  private Path replica() {
    Path file = folder.resolve("one.db");
    try (Database database = Database.create(file)) {
      database.run("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    }
    Founder.of(file, Persona.create("jay")).found();
    return file;
  }

  /** A loop with one timer, whose time comes when the test says so. */
  private static final class OneTimer implements Loop {
    private long now = 1_000_000;
    private long due;
    private Optional<Runnable> action = Optional.empty();

    @Override
    public long nowMillis() {
      return now;
    }

    @Override
    public void submit(Runnable task) {
      throw new AssertionError("nothing is submitted");
    }

    @Override
    public void schedule(Object key, long dueMillis, Runnable work) {
      due = dueMillis;
      action = Optional.of(work);
    }

    @Override
    public void cancel(Object key) {
      action = Optional.empty();
    }

    @Override
    public ExecutorService beside(String name) {
      throw new AssertionError("nothing runs beside it");
    }

    @Override
    public void fail(Throwable reason) {
      throw new AssertionError(reason);
    }

    /** Lets the timer fire. @return how long it waited */
    long fire() {
      long waited = due - now;
      now = due;
      Runnable work = action.orElseThrow();
      action = Optional.empty();
      work.run();
      return waited;
    }
  }

  @Test
  void aDatabaseThatRefusesIsTriedAgainMoreSeldomEachTimeUpToTheLimit() {
    OneTimer loop = new OneTimer();
    Mesh mesh = Mesh.open(replica(), Ambient.system());
    Harvesting harvesting = new Harvesting(new Agenda(loop), mesh, batches -> {}, () -> {});
    mesh.close();
    harvesting.harvest();
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      waits.add(loop.fire());
      assertThat(harvesting.isHindered()).isTrue();
    }
    assertThat(waits)
        .startsWith(Harvesting.RETRY_MILLIS, 2 * Harvesting.RETRY_MILLIS)
        .endsWith(1_600L, Harvesting.RETRY_MILLIS_MAX, Harvesting.RETRY_MILLIS_MAX);
  }

  @Test
  void whateverTheChanceABranchIsPassedOnWithinTheLimit() {
    int[] drawn = new int[1];
    Ambient ambient = new Ambient(() -> 1_000_000, size -> Bytes.wrap(bytes(size, drawn[0])));
    try (Mesh mesh = Mesh.open(replica(), ambient)) {
      long longest = 0;
      for (drawn[0] = 0; drawn[0] < 256; drawn[0]++) {
        OneTimer loop = new OneTimer();
        new Carrying(new Agenda(loop), mesh, batches -> {}).plan();
        longest = Math.max(longest, loop.fire());
      }
      assertThat(longest).isBetween(Carrying.WAIT_MILLIS_MAX / 2L, (long) Carrying.WAIT_MILLIS_MAX);
    }
  }

  private static byte[] bytes(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
