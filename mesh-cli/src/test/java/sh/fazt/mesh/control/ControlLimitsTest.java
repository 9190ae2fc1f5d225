package sh.fazt.mesh.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Failure;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/** A daemon's socket with as many clients as it takes, and one more. */
final class ControlLimitsTest extends ControlSockets {
  private static final String FULL =
      " has " + ControlServer.CONNECTIONS_MAX + " connections already";

  private static Json.Obj ask(ControlClient client, String method) {
    return client.call(method, Json.object(), Notes.NONE, SILENCE);
  }

  private static Json.Obj echo(String method, Json.Obj params, Notes notes) {
    return Json.object().with("said", method);
  }

  /** Clients that were answered, so that the server counts them. */
  private List<ControlClient> answered(int count) {
    List<ControlClient> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(connect());
      ask(all.get(i), "any");
    }
    return all;
  }

  private MeshException refusal() {
    ControlClient late = connect();
    return catchThrowableOfType(MeshException.class, () -> ask(late, "any"));
  }

  /** Waits until the server has noticed that somebody is gone. */
  private void awaitPlace() {
    long end = System.nanoTime() + SILENCE.toNanos();
    while (refusal() != null) {
      assertThat(System.nanoTime()).as("there is place again").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void moreConnectionsThanTheLimitAreTurnedAwayUntilOneEnds() {
    start(ControlLimitsTest::echo);
    List<ControlClient> all = answered(ControlServer.CONNECTIONS_MAX);
    MeshException why = refusal();
    assertThat(why).hasMessage("the daemon at " + address.socket() + FULL);
    assertThat(why.code()).isEqualTo(ErrorCode.TOO_MANY);
    assertThat(why.remedy().orElseThrow()).endsWith("then try again");
    for (ControlClient each : all) {
      assertThat(ask(each, "again").text("said")).isEqualTo("again");
    }
    all.get(7).close();
    awaitPlace();
  }

  /** It asks what nobody will read, and hears why all the same. */
  @Test
  void whoIsTurnedAwayBeforeItAsksHearsWhy() throws IOException {
    address.folder().make();
    try (ServerSocketChannel daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      daemon.bind(UnixDomainSocketAddress.of(address.socket()));
      ControlClient client = connect();
      MeshException full = new MeshException(ErrorCode.TOO_MANY, FULL, null);
      try (SocketChannel called = daemon.accept();
          Lines lines = new Lines(called)) {
        lines.write(JsonText.compact(Failure.of(full).json()), SILENCE);
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
      assertThatThrownBy(() -> ask(client, "any")).hasMessage(FULL);
    }
  }

  @Test
  void aHandlerThatDiesLeavesItsPlace() {
    start(
        (method, params, notes) -> {
          if (method.equals("die")) {
            throw new AssertionError("a bug, on purpose");
          }
          return Json.object();
        });
    List<ControlClient> others = answered(ControlServer.CONNECTIONS_MAX - 1);
    ControlClient dying = connect();
    assertThatThrownBy(() -> ask(dying, "die"))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILURE));
    dying.close();
    awaitPlace();
    assertThat(others).allSatisfy(each -> ask(each, "again"));
  }

  /** A daemon has twenty seconds to close its node, after its socket. */
  @Test
  @Timeout(20)
  void howeverManyAnswersHangTheEndWaitsForThemOnceAndGivesTheOthers() throws Exception {
    CountDownLatch asked = new CountDownLatch(ControlServer.CONNECTIONS_MAX);
    CountDownLatch never = new CountDownLatch(1);
    ControlServer server =
        start(
            (method, params, notes) -> {
              asked.countDown();
              while (method.equals("slow") && notes.isOpen()) {
                Thread.onSpinWait();
              }
              if (method.equals("hang")) {
                await(never);
              }
              return Json.object().with("said", method);
            });
    List<CompletableFuture<Json.Obj>> hanging = new ArrayList<>();
    ExecutorService clients = Executors.newCachedThreadPool();
    try {
      for (int i = 1; i < ControlServer.CONNECTIONS_MAX; i++) {
        ControlClient client = connect();
        hanging.add(CompletableFuture.supplyAsync(() -> ask(client, "hang"), clients));
      }
      ControlClient client = connect();
      CompletableFuture<Json.Obj> slow =
          CompletableFuture.supplyAsync(() -> ask(client, "slow"), clients);
      await(asked);
      server.close();
      assertThat(slow.get(20, TimeUnit.SECONDS).text("said")).isEqualTo("slow");
      for (CompletableFuture<Json.Obj> each : hanging) {
        assertThat(each)
            .failsWithin(Duration.ofSeconds(20))
            .withThrowableThat()
            .havingCause()
            .isInstanceOf(MeshException.class)
            .withMessage("the daemon has ended in the middle of hang");
      }
      start(ControlLimitsTest::echo);
      assertThat(ask(connect(), "next").text("said")).isEqualTo("next");
    } finally {
      never.countDown();
      clients.shutdown();
    }
  }
}
