package sh.fazt.mesh.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Json;

final class ControlTest extends ControlSockets {
  @Test
  void answersFollowRequestsOnOneConnection() {
    start((method, params, notes) -> Json.object().with("said", method + params.whole("n")));
    ControlClient client = connect();
    for (int n = 0; n < 100; n++) {
      Json.Obj answer = client.call("echo", Json.object().with("n", n), Notes.NONE, SILENCE);
      assertThat(answer.text("said")).isEqualTo("echo" + n);
    }
  }

  @Test
  void notesComeBeforeTheAnswer() {
    start(
        (method, params, notes) -> {
          notes.progress(Json.object().with("done", 1));
          notes.event(Json.object().with("type", "mesh.sync"));
          return Json.object();
        });
    List<Json.Obj> heard = new ArrayList<>();
    Notes notes =
        new Notes() {
          @Override
          public void progress(Json.Obj state) {
            heard.add(state);
          }

          @Override
          public void event(Json.Obj event) {
            heard.add(event);
          }
        };
    connect().call("sync", Json.object(), notes, SILENCE);
    assertThat(heard)
        .containsExactly(Json.object().with("done", 1), Json.object().with("type", "mesh.sync"));
  }

  @Test
  void whoGoesOnTellingHearsThatNobodyListensAnyMore() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    start(
        (method, params, notes) -> {
          while (notes.isOpen()) {
            notes.event(Json.object().with("type", "mesh.sync"));
          }
          ended.countDown();
          return Json.object();
        });
    ControlClient client = connect();
    assertThatThrownBy(() -> client.call("watch", Json.object(), new HangingUp(), SILENCE))
        .hasMessage("enough");
    client.close();
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aServerThatEndsEndsWhatGoesOnTelling() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    ControlServer server =
        start(
            (method, params, notes) -> {
              begun.countDown();
              while (notes.isOpen()) {
                Thread.onSpinWait();
              }
              return Json.object().with("ended", true);
            });
    CompletableFuture<Json.Obj> answer =
        CompletableFuture.supplyAsync(
            () -> connect().call("watch", Json.object(), Notes.NONE, SILENCE));
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    server.close();
    assertThat(answer.get(20, TimeUnit.SECONDS).flag("ended")).isTrue();
  }

  /** Has had enough with the first event. */
  private static final class HangingUp implements Notes {
    @Override
    public void progress(Json.Obj state) {}

    @Override
    public void event(Json.Obj event) {
      throw new IllegalStateException("enough");
    }
  }

  @Test
  void failuresKeepTheirCodeAndRemedy() {
    start(
        (method, params, notes) -> {
          throw new MeshException(ErrorCode.TABLE_PRIVATE, "secrets inside", "fazt mesh tables");
        });
    assertThatThrownBy(() -> connect().call("track", Json.object(), Notes.NONE, SILENCE))
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.TABLE_PRIVATE);
              assertThat(e).hasMessage("secrets inside");
              assertThat(e.remedy()).contains("fazt mesh tables");
            });
  }

  @Test
  void aFailingHandlerCostsOneAnswerOnly() {
    start(
        (method, params, notes) -> {
          if (method.equals("bad")) {
            throw new IllegalStateException("bug");
          }
          return Json.object().with("fine", true);
        });
    ControlClient client = connect();
    assertThatThrownBy(() -> client.call("bad", Json.object(), Notes.NONE, SILENCE))
        .hasMessageContaining("internal error");
    assertThat(client.call("good", Json.object(), Notes.NONE, SILENCE).flag("fine")).isTrue();
  }

  @Test
  void aLongAnswerArrivesWhole() {
    String long1 = "x".repeat(Lines.LINE_BYTES_MAX - 100);
    start((method, params, notes) -> Json.object().with("text", long1));
    assertThat(connect().call("any", Json.object(), Notes.NONE, SILENCE).text("text"))
        .isEqualTo(long1);
  }

  @Test
  void anEndlessLineIsCutOff() throws IOException {
    start((method, params, notes) -> Json.object());
    try (SocketChannel raw = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      raw.connect(UnixDomainSocketAddress.of(address.socket()));
      ByteBuffer much = ByteBuffer.allocate(Lines.LINE_BYTES_MAX + 100_000);
      assertThatThrownBy(
              () -> {
                while (much.hasRemaining()) {
                  raw.write(much);
                }
                if (raw.read(ByteBuffer.allocate(1)) < 0) {
                  throw new IOException("closed");
                }
              })
          .isInstanceOf(IOException.class);
    }
    connect().call("any", Json.object(), Notes.NONE, SILENCE);
  }

  @Test
  void aSilentDaemonIsGivenUpOn() {
    CountDownLatch never = new CountDownLatch(1);
    start(
        (method, params, notes) -> {
          await(never);
          return Json.object();
        });
    ControlClient client = connect();
    assertThatThrownBy(() -> client.call("any", Json.object(), Notes.NONE, Duration.ofMillis(50)))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
    never.countDown();
  }

  @Test
  void onlyTheOwnerMayUseTheSocket() throws IOException {
    start((method, params, notes) -> Json.object());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(address.socket())))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(address.folder().path())))
        .isEqualTo("rwx------");
  }

  @Test
  void aSocketOfADaemonThatIsGoneIsReplaced() throws IOException {
    address.folder().make();
    try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      gone.bind(UnixDomainSocketAddress.of(address.socket()));
    }
    assertThat(address.socket()).exists();
    assertThat(ControlClient.connect(address)).isEmpty();
    start((method, params, notes) -> Json.object());
    connect().call("any", Json.object(), Notes.NONE, SILENCE);
  }

  @Test
  void aSocketThatAnswersIsNotReplaced() {
    start((method, params, notes) -> Json.object());
    assertThatThrownBy(() -> ControlServer.start(address, (method, params, notes) -> params))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_OPEN));
  }

  @Test
  void closingRemovesTheSocket() {
    ControlServer server = ControlServer.start(address, (method, params, notes) -> params);
    server.close();
    assertThat(address.socket()).doesNotExist();
    assertThat(ControlClient.connect(address)).isEmpty();
  }

  @Test
  void aDaemonThatEndsWithoutAWordIsNotRunningAnyMore() throws Exception {
    assertThat(brokenOff(true).code()).isEqualTo(ErrorCode.DAEMON_NOT_RUNNING);
  }

  @Test
  void aDaemonThatBreaksOffAndGoesOnIsStillRunning() throws Exception {
    assertThat(brokenOff(false).code()).isEqualTo(ErrorCode.FAILURE);
  }

  /** What a client says whose connection closes, and then what it had called, or that does not. */
  private MeshException brokenOff(boolean ends) throws Exception {
    address.folder().make();
    ServerSocketChannel daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    open.add(0, daemon);
    daemon.bind(UnixDomainSocketAddress.of(address.socket()));
    ControlClient client = connect();
    SocketChannel called = daemon.accept();
    CompletableFuture<Json.Obj> answer =
        CompletableFuture.supplyAsync(
            () -> client.call("watch", Json.object(), Notes.NONE, SILENCE));
    called.read(ByteBuffer.allocate(1_000));
    called.close();
    if (ends) {
      daemon.accept().close();
      daemon.close();
    }
    try {
      throw new AssertionError("an answer: " + answer.get(20, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return (MeshException) e.getCause();
    }
  }

  @Test
  void anAnswerUnderWayIsGivenBeforeTheEnd() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    ControlServer server =
        ControlServer.start(
            address,
            (method, params, notes) -> {
              asked.countDown();
              await(closing);
              return Json.object().with("left", true);
            });
    ControlClient client = connect();
    CompletableFuture<Json.Obj> answer =
        CompletableFuture.supplyAsync(
            () -> client.call("leave", Json.object(), Notes.NONE, SILENCE));
    asked.await();
    closing.countDown();
    server.close();
    assertThat(answer.get().flag("left")).isTrue();
  }
}
