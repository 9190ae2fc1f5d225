package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class MeshLoopTest {
  private final CompletableFuture<Throwable> fault = new CompletableFuture<>();
  private final MeshLoop loop = new MeshLoop("mesh-test", 1_000_000, fault::complete);

  @Test
  void tasksRunInOrderOnOneThreadAndCloseWaitsForThem() {
    List<Integer> ran = new ArrayList<>();
    loop.start();
    IntStream.range(0, 5_000).forEach(i -> loop.submit(() -> ran.add(loop.isOnThread() ? i : -1)));
    loop.close();
    assertThat(ran).isEqualTo(IntStream.range(0, 5_000).boxed().toList());
  }

  @Test
  void timersFireWhenDueAndAnEqualOneIsMoved() throws Exception {
    CompletableFuture<Long> fired = new CompletableFuture<>();
    loop.start();
    long start = loop.nowMillis();
    loop.submit(
        () -> {
          loop.schedule("a", start, () -> fired.completeExceptionally(new AssertionError()));
          loop.schedule("a", start + 30, () -> fired.complete(loop.nowMillis()));
          loop.schedule("b", start, () -> fired.completeExceptionally(new AssertionError()));
          loop.cancel("b");
        });
    assertThat(fired.get(10, TimeUnit.SECONDS) - start).isGreaterThanOrEqualTo(30);
    loop.close();
  }

  /** As whoever was refused and closes at once: the thread is about to end and still lives. */
  @Test
  void whoAsksWhileTheLoopEndsIsRefused() throws Exception {
    CompletableFuture<CompletableFuture<Boolean>> second = new CompletableFuture<>();
    loop.onEnd(
        () ->
            loop.ask(() -> true)
                .whenComplete((answer, e) -> second.complete(loop.ask(() -> true))));
    loop.start();
    loop.close();
    assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  void whatWaitsIsHeardBeforeATimer() {
    List<String> ran = new ArrayList<>();
    loop.submit(() -> loop.schedule("t", 0, () -> ran.add("timer")));
    IntStream.range(0, 100).forEach(i -> loop.submit(() -> ran.add("task")));
    loop.onRest(() -> ran.add("rest"));
    loop.start();
    loop.close();
    assertThat(ran.subList(0, 100)).containsOnly("task");
    assertThat(ran.get(100)).isEqualTo("rest");
  }

  @Test
  void afterSoManyTasksATimerHasItsTurn() {
    List<String> ran = new ArrayList<>();
    loop.submit(() -> loop.schedule("t", 0, () -> ran.add("timer")));
    IntStream.range(0, 600).forEach(i -> loop.submit(() -> ran.add("task")));
    loop.start();
    loop.close();
    assertThat(ran.indexOf("timer")).isEqualTo(511);
    assertThat(ran).hasSize(601);
  }

  @Test
  void aFaultEndsTheLoopAndIsTold() throws Exception {
    loop.start();
    loop.submit(
        () -> {
          throw new IllegalStateException("ours");
        });
    assertThat(fault.get(10, TimeUnit.SECONDS)).hasMessage("ours");
    loop.close();
  }

  @Test
  void aWriteToTheWalWakesAndOneToAnotherFileDoesNot(@TempDir Path folder) throws Exception {
    CountDownLatch woken = new CountDownLatch(1);
    try (AutoCloseable watch = DatabaseWatch.start(folder.resolve("data.db"), woken::countDown)) {
      Files.writeString(folder.resolve("other.db"), "x");
      Files.writeString(folder.resolve("data.db-shm"), "x");
      assertThat(woken.await(200, TimeUnit.MILLISECONDS)).isFalse();
      Files.writeString(folder.resolve("data.db-wal"), "x");
      assertThat(woken.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(watch).isInstanceOf(DatabaseWatch.class);
    }
  }

  @Test
  void aFolderThatCannotBeWatchedIsNoFault(@TempDir Path folder) throws IOException {
    Path nowhere = folder.resolve("gone").resolve("data.db");
    assertThat(DatabaseWatch.start(nowhere, () -> {})).isNotInstanceOf(DatabaseWatch.class);
    assertThat(Files.exists(nowhere)).isFalse();
  }
}
