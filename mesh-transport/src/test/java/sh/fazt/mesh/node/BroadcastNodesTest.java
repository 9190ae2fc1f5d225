package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.gossip.MessageLimits;

/** Whole nodes whose applications talk to each other. */
class BroadcastNodesTest extends LoopbackNodes {
  private static final String TABLE = "CREATE TABLE t (id TEXT PRIMARY KEY, v)";

  private final List<String> heard = new CopyOnWriteArrayList<>();

  private void hear(MeshNode node) {
    node.messages(message -> heard.add(message.name() + ": " + message.text()));
  }

  private static boolean isLinkedWithAll(MeshNode node) {
    return node.peers().stream().allMatch(peer -> peer.state() == PeerStatus.State.CONNECTED);
  }

  @Test
  void whatOneEndOfALineSaysTheOtherHearsOnceAndInOrderAlsoAfterARestart() {
    MeshNode middle = found("b", TABLE);
    MeshNode one = join("a", middle);
    MeshNode other = join("c", middle);
    // A message that is under way while two links become one is lost: all links are there first.
    await(() -> List.of(one, middle, other).stream().allMatch(BroadcastNodesTest::isLinkedWithAll));
    hear(other);
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      assertThat(one.broadcast("n" + i).join()).isPositive();
      said.add("a: n" + i);
    }
    await(() -> heard.size() >= 20);
    stop(one);
    MeshNode again = start("a");
    await(() -> isLinkedWithAll(again) && isLinkedWithAll(other));
    again.broadcast("anew").join();
    said.add("a: anew");
    await(() -> heard.size() >= 21);
    assertThat(heard).isEqualTo(said);
  }

  @Test
  void whoHasLeftIsHeardNoMore() {
    MeshNode vps = found("vps", TABLE);
    MeshNode laptop = join("laptop", vps);
    await(() -> vps.peers().stream().anyMatch(p -> p.state() == PeerStatus.State.CONNECTED));
    hear(laptop);
    laptop.leave(Duration.ofSeconds(1)).join();
    nodes.remove(laptop);
    await(() -> vps.peers().isEmpty());
    assertThat(vps.broadcast("alone").join()).isZero();
    assertThat(heard).isEmpty();
  }

  @Test
  void whatIsTooLargeOrTooMuchIsRefused() {
    MeshNode vps = found("vps", TABLE);
    Bytes large = Bytes.wrap(new byte[MessageLimits.BROADCAST_BYTES_MAX]);
    assertThat(vps.broadcast(large).join()).isZero();
    refused(ErrorCode.TOO_LARGE, () -> vps.broadcast(Bytes.concat(large, large)).join());
    refused(
        ErrorCode.TOO_MANY, () -> IntStream.range(0, 200).forEach(i -> vps.broadcast("x").join()));
  }

  private static void refused(ErrorCode code, Runnable work) {
    assertThatThrownBy(work::run)
        .cause()
        .isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
