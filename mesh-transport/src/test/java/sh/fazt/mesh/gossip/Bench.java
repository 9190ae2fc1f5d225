package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/** One engine under a test's hands, its peers played by the test. */
final class Bench {
  static final MeshId MESH = new MeshId(Hash.of(Bytes.utf8("mesh")));

  final SiteId self;
  final GossipEngine engine;
  long now = 1_000_000;
  private final Chance chance;
  private List<Output> last = new ArrayList<>();

  Bench(GossipConfig config) {
    this(config, 1);
  }

  Bench(GossipConfig config, long seed) {
    this.chance = Chance.from(new Random(seed));
    this.self = site();
    LocalNode local = new LocalNode(MESH, self, "here", "0.1.0", List.of());
    this.engine = new GossipEngine(local, Summary.EMPTY, List.of(), config, chance);
  }

  SiteId site() {
    return new SiteId(SigningKey.generate(chance).verifyKey(), 1);
  }

  List<Output> on(Input input) {
    last = engine.on(input, now);
    return last;
  }

  List<Output> receive(SiteId from, Message message) {
    return on(new Input.Received(from.node(), message));
  }

  /** Links a peer that says it holds this. */
  List<Output> introduce(SiteId peer, Summary holds) {
    on(new Input.PeerUp(peer.node()));
    receive(peer, hello(peer));
    return receive(peer, new SummaryVector(holds));
  }

  List<Output> fire(Timer timer) {
    return on(new Input.TimerFired(timer));
  }

  /** The log's word on what {@link #on} gave it last. */
  List<Output> judge(SiteId from, Dot dot, Ingested result) {
    return on(new Input.Judged(from.node(), List.of(new Input.Verdict(dot, result))));
  }

  static Hello hello(SiteId site) {
    return new Hello(
        MessageLimits.PROTOCOL_VERSION, MESH, site, "peer", "0.1.0", 5, List.of(), Summary.EMPTY);
  }

  static Summary holding(SiteId site, long seq) {
    return Summary.EMPTY.with(site, new Head(seq, hashOf(new Dot(site, seq))));
  }

  static Hash hashOf(Dot dot) {
    return Hash.of(dot.site().node().value(), Bytes.utf8("" + dot.seq()));
  }

  static Ingested.Delivered delivered(Dot dot) {
    return new Ingested.Delivered(dot, hashOf(dot));
  }

  /** What was sent to that peer by the last input, of that kind. */
  <M extends Message> List<M> sent(SiteId to, Class<M> kind) {
    return sent(last, to.node(), kind);
  }

  static <M extends Message> List<M> sent(List<Output> outputs, VerifyKey to, Class<M> kind) {
    return outputs.stream()
        .filter(Output.Send.class::isInstance)
        .map(Output.Send.class::cast)
        .filter(send -> send.to().equals(to) && kind.isInstance(send.message()))
        .map(send -> kind.cast(send.message()))
        .toList();
  }

  Optional<String> dropped(SiteId peer) {
    return last.stream()
        .filter(Output.Drop.class::isInstance)
        .map(Output.Drop.class::cast)
        .filter(drop -> drop.peer().equals(peer.node()))
        .map(Output.Drop::reason)
        .findFirst();
  }

  List<Report> reports() {
    return of(Output.Tell.class).stream().map(Output.Tell::report).toList();
  }

  <O extends Output> List<O> of(Class<O> kind) {
    return last.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
