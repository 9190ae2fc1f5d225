package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.node.NodeEvent;
import sh.fazt.mesh.node.NodeMessage;
import sh.fazt.mesh.output.Json;

final class WatchersTest {
  private static final NodeId VPS = new NodeId("fazt_nod_8sPq2LmX0aZr");

  private final Watchers watchers = new Watchers("fazt_nod_4Kd9Qw7RxT2b", () -> 36);

  /** Hears until it has heard so much; does not listen before it is let. */
  private static final class Ears implements Notes {
    private final List<Json.Obj> heard = new ArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch listens = new CountDownLatch(1);
    private final int enough;

    Ears(int enough) {
      this.enough = enough;
    }

    @Override
    public void progress(Json.Obj state) {
      begun.countDown();
      try {
        assertThat(listens.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void event(Json.Obj event) {
      heard.add(event);
    }

    @Override
    public boolean isOpen() {
      return heard.size() < enough;
    }
  }

  private Thread watch(Ears ears) throws InterruptedException {
    Thread thread = new Thread(() -> watchers.watch(ears), "watcher");
    thread.start();
    assertThat(ears.begun.await(30, TimeUnit.SECONDS)).isTrue();
    return thread;
  }

  private static NodeMessage message(Bytes payload) {
    return new NodeMessage("a/1/2/3", VPS, "vps", payload, 5);
  }

  @Test
  void whatHappensIsToldInItsOrderAsFaztTellsEvents() throws InterruptedException {
    Ears ears = new Ears(3);
    Thread thread = watch(ears);
    watchers.tell(new NodeEvent(NodeEvent.Kind.ROWS_RECEIVED, "vps", 12, 35));
    watchers.tell(message(Bytes.utf8("{\"a\":[1]}")));
    watchers.tell(message(Bytes.fromHex("ff00")));
    ears.listens.countDown();
    thread.join();
    assertThat(ears.heard)
        .containsExactly(
            Json.object()
                .with("id", "10-1")
                .with("type", "mesh.rows.received")
                .with("source", "fazt_nod_4Kd9Qw7RxT2b")
                .with("data", Json.object().with("node", "vps").with("count", 12))
                .with("timestamp", 35),
            broadcast("10-2", Json.object().with("a", Json.array(List.of(new Json.Whole(1))))),
            broadcast("10-3", Json.object().with("hex", "ff00")));
  }

  private static Json.Obj broadcast(String id, Json payload) {
    Json.Obj data =
        Json.object()
            .with("id", "a/1/2/3")
            .with("node", "vps")
            .with("payload", payload)
            .with("sent_at", 5);
    return Json.object()
        .with("id", id)
        .with("type", "mesh.broadcast")
        .with("source", VPS.text())
        .with("data", data)
        .with("timestamp", 36);
  }

  @Test
  void whoDoesNotKeepUpIsToldHowMuchIsLost() throws InterruptedException {
    Ears ears = new Ears(Watchers.WAITING_MAX + 1);
    Thread thread = watch(ears);
    for (int i = 0; i < Watchers.WAITING_MAX + 7; i++) {
      watchers.tell(message(Bytes.utf8("1")));
    }
    ears.listens.countDown();
    thread.join();
    Json.Obj last = ears.heard.get(Watchers.WAITING_MAX);
    assertThat(last.text("type")).isEqualTo("mesh.watch.lost");
    assertThat(last.object("data").whole("count")).isEqualTo(7);
  }

  @Test
  @Timeout(60)
  void whoHearsNothingForLongIsToldThatTheNodeLives() {
    Watchers brief = new Watchers("fazt_nod_4Kd9Qw7RxT2b", () -> 36, 200);
    List<Json.Obj> signs = new ArrayList<>();
    brief.watch(
        new Notes() {
          @Override
          public void progress(Json.Obj state) {
            signs.add(state);
          }

          @Override
          public void event(Json.Obj event) {
            throw new AssertionError("nothing happens");
          }

          @Override
          public boolean isOpen() {
            return signs.size() < 3;
          }
        });
    assertThat(signs).hasSize(3).containsOnly(Json.object().with("watching", true));
  }

  @Test
  void moreWatchersThanTheLimitAreRefusedUntilOneEnds() throws InterruptedException {
    List<Ears> all = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Watchers.WATCHERS_MAX; i++) {
      all.add(new Ears(1));
      threads.add(watch(all.get(i)));
    }
    assertThatThrownBy(() -> watchers.watch(new Ears(0)))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY));
    watchers.tell(message(Bytes.utf8("1")));
    all.forEach(ears -> ears.listens.countDown());
    for (Thread thread : threads) {
      thread.join();
    }
    Ears late = new Ears(0);
    late.listens.countDown();
    assertThat(watchers.watch(late).flag("ended")).isTrue();
  }
}
