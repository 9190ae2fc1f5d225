package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.SnapshotSource;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.gossip.Floors;
import sh.fazt.mesh.gossip.Hello;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.MessageLimits;
import sh.fazt.mesh.gossip.Ping;
import sh.fazt.mesh.gossip.Pong;
import sh.fazt.mesh.gossip.SnapshotAsk;
import sh.fazt.mesh.gossip.SnapshotTell;
import sh.fazt.mesh.netty.LinkLimits;
import sh.fazt.mesh.netty.Links;
import sh.fazt.mesh.netty.TlsIdentity;
import sh.fazt.mesh.roster.Pin;

/** A full member with a valid key that claims to have trimmed what there never was. */
class FalseSnapshotTest extends LoopbackNodes {
  private static final String T = "CREATE TABLE t (id TEXT PRIMARY KEY, v)";
  private static final long CLAIMED = 1_000;

  /** What the liar hears on one link; empty when that is closed. */
  private static final class Talk implements LinkListener {
    private final BlockingQueue<Optional<Message>> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<MeshLink> link = new CompletableFuture<>();

    @Override
    public void opened(MeshLink opened) {
      link.complete(opened);
    }

    @Override
    public void frame(MeshLink from, Bytes frame) {
      try {
        heard.add(Optional.of(MessageCodec.decode(frame)));
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void writabilityChanged(MeshLink of) {}

    @Override
    public void closed(MeshLink of, String reason) {
      heard.add(Optional.empty());
    }

    void say(Message message) {
      link.join().send(MessageCodec.encode(message));
    }

    /** The next of these, whatever else is heard; empty if the link is closed before. */
    private Optional<Message> next(Function<Message, Boolean> wanted) throws InterruptedException {
      while (true) {
        Optional<Message> next = heard.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(next).as("heard within %s", PATIENCE).isNotNull();
        if (next.isEmpty() || wanted.apply(next.get())) {
          return next;
        }
      }
    }
  }

  /** Links as the liar, and claims. */
  private static Talk claim(Links links, Mesh liar, MeshNode victim) {
    Talk talk = new Talk();
    links.dial(
        victim.listening(),
        Pin.of(victim.ask(mesh -> mesh.nodeKey().verifyKey()).join()),
        talk,
        failure -> failure.ifPresent(talk.link::completeExceptionally));
    talk.say(
        new Hello(
            MessageLimits.PROTOCOL_VERSION,
            liar.id(),
            liar.site(),
            "liar",
            NodeConfig.VERSION,
            liar.ambient().now(),
            List.of(),
            Summary.EMPTY));
    Head head = new Head(CLAIMED, Hash.of(Bytes.utf8("never")));
    talk.say(new Floors(Summary.EMPTY.with(liar.site(), head)));
    return talk;
  }

  /** Whether a state is asked for on a link on which that would have come by now. */
  private static Optional<SnapshotAsk> asked(Talk talk) throws InterruptedException {
    for (int nonce = 1; nonce <= 2; nonce++) {
      // What the first ping finds decided is said before the second one is answered.
      talk.say(new Ping(nonce, 1));
      Optional<Message> next = talk.next(m -> m instanceof Pong || m instanceof SnapshotAsk);
      if (next.orElseThrow() instanceof SnapshotAsk ask) {
        return Optional.of(ask);
      }
    }
    return Optional.empty();
  }

  private static Bytes state(Mesh of) {
    try (SnapshotSource source = of.snapshot().orElseThrow()) {
      return source.next(MessageLimits.PART_BYTES_MAX);
    }
  }

  private void stopped(MeshNode victim) {
    MeshNode liar = join("liar", victim);
    sync(liar);
    stop(liar);
  }

  private Links links(Mesh liar) {
    return new Links(TlsIdentity.create(liar.nodeKey()), LinkLimits.DEFAULT, NodeConfig.VERSION);
  }

  private void asksOnceForWhatIsAnsweredBy(Function<Mesh, Bytes> answer) throws Exception {
    MeshNode vps = found("vps", T, "INSERT INTO t VALUES ('a', 1)");
    stopped(vps);
    try (Mesh liar = Mesh.open(file("liar"), Ambient.system());
        Links links = links(liar)) {
      Talk talk = claim(links, liar, vps);
      SnapshotAsk ask = asked(talk).orElseThrow();
      talk.say(new SnapshotTell(ask.id(), 0, true, answer.apply(liar)));
      assertThat(talk.next(m -> m instanceof SnapshotAsk)).as("the link is closed").isEmpty();
      for (int i = 0; i < 3; i++) {
        assertThat(asked(claim(links, liar, vps))).isEmpty();
      }
    }
    assertThat(sql("vps", "SELECT id || v FROM t")).containsExactly("a1");
  }

  @Test
  void aStateThatIsNotWhatItsGiverClaimsIsTakenOnceAndCostsTheLink() throws Exception {
    asksOnceForWhatIsAnsweredBy(FalseSnapshotTest::state);
  }

  @Test
  void aMalformedStateIsAskedForOnceAndCostsTheLink() throws Exception {
    asksOnceForWhatIsAnsweredBy(liar -> Bytes.fromHex("0000000107"));
  }

  @Test
  void aStateWaitsWhileTheDiskIsNearlyFull() throws Exception {
    MeshNode vps = found("vps", T);
    stopped(vps);
    String address = vps.listening();
    stop(vps);
    DiskGauge full = () -> Optional.of(new DiskGauge.Space(1 << 20, 1L << 40));
    MeshNode again =
        MeshNode.start(NodeConfig.of(file("vps")).listeningOn(address).measuredBy(full));
    nodes.add(again);
    try (Mesh liar = Mesh.open(file("liar"), Ambient.system());
        Links links = links(liar)) {
      Talk talk = claim(links, liar, again);
      SnapshotAsk ask = asked(talk).orElseThrow();
      talk.say(new SnapshotTell(ask.id(), 0, false, state(liar)));
      await(
          () ->
              again.ask(mesh -> mesh.unconfirmed().giver()).join().isEmpty()
                  && again.status().hindrances().stream()
                      .anyMatch(told -> told.code() == ErrorCode.DISK_FULL));
    }
  }
}
