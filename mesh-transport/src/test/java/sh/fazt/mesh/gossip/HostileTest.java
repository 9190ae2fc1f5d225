package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.roster.Authors;

/** Members that say whatever comes to their mind. */
final class HostileTest {
  private static final GossipConfig CONFIG = GossipConfig.standard();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nonsenseNeitherBreaksTheEngineNorFillsIt(long seed) {
    Random random = new Random(seed);
    Bench bench = new Bench(CONFIG, seed);
    List<SiteId> sites = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sites.add(bench.site());
    }
    Samples samples = new Samples(random);
    for (int step = 0; step < 2_000; step++) {
      SiteId peer = sites.get(random.nextInt(3));
      bench.now += random.nextInt(50);
      List<Output> outputs = bench.receive(peer, nonsense(random, samples, sites, bench.self));
      for (int round = 0; round < 3 && !outputs.isEmpty(); round++) {
        outputs = answer(bench, random, outputs);
      }
      if (random.nextInt(20) == 0) {
        bench.introduce(peer, Summary.EMPTY);
      }
      assertThat(bench.engine.waitingBytes())
          .isLessThanOrEqualTo(CONFIG.waiting().bytesMax() + CONFIG.pulling().partialBytesMax());
      assertThat(bench.engine.heldBytes())
          .isLessThanOrEqualTo(CONFIG.broadcasting().heldBytesMax());
    }
  }

  @Test
  void everyInputAndEveryTimerIsHandled() {
    Bench bench = new Bench(CONFIG);
    SiteId peer = bench.site();
    Dot dot = new Dot(peer, 1);
    bench.introduce(peer, Summary.EMPTY);
    bench.receive(peer, new Batch(dot, Bytes.utf8("x")));
    List<Timer> timers =
        List.of(
            new Timer.AntiEntropy(),
            new Timer.Announce(),
            new Timer.Pull(),
            new Timer.Keepalive(peer.node()),
            new Timer.Stroll(),
            new Timer.Stream(peer.node(), 1),
            new Timer.Gap(peer.node()));
    List<Input> inputs = new ArrayList<>();
    inputs.add(new Input.Judged(peer.node(), List.of(new Input.Verdict(dot, duplicate(dot)))));
    inputs.add(new Input.Postponed(peer.node(), List.of(), "busy"));
    inputs.add(new Input.Provided(peer.node(), 3, List.of()));
    inputs.add(new Input.LocalBatches(List.of()));
    inputs.add(new Input.RosterChanged(List.of(Bytes.utf8("op")), Optional.empty()));
    inputs.add(new Input.Forked(peer, Optional.empty(), 0));
    inputs.add(new Input.AuthorsChanged(Authors.NONE));
    inputs.add(new Input.Compare(peer.node()));
    inputs.add(new Input.Say(new Samples(new Random(1)).broadcast()));
    inputs.add(new Input.Brought(List.of()));
    inputs.add(new Input.StateSaid(peer.node(), new Ping(1, 1)));
    inputs.add(new Input.Start());
    inputs.add(new Input.Members(Set.of(peer.node())));
    inputs.add(new Input.Unreached(peer.node()));
    inputs.add(new Input.Located(new Samples(new Random(1)).location()));
    inputs.add(new Input.Acknowledged(new Samples(new Random(1)).acknowledged().said()));
    inputs.add(new Input.Trimmed(Summary.EMPTY));
    inputs.add(new Input.Rebased(Summary.EMPTY));
    inputs.add(new Input.WallClock(5));
    inputs.add(new Input.PeerWritable(peer.node(), true));
    inputs.add(new Input.Received(peer.node(), new Ping(1, 1)));
    timers.forEach(timer -> inputs.add(new Input.TimerFired(timer)));
    inputs.add(new Input.Leave("done"));
    inputs.add(new Input.PeerUp(peer.node()));
    inputs.add(new Input.PeerDown(peer.node()));
    inputs.forEach(bench::on);
    assertThat(kinds(timers)).isEqualTo(Set.of(Timer.class.getPermittedSubclasses()));
    assertThat(kinds(inputs)).isEqualTo(Set.of(Input.class.getPermittedSubclasses()));
  }

  private static Message nonsense(Random random, Samples samples, List<SiteId> sites, SiteId self) {
    SiteId site = random.nextInt(9) == 0 ? self : sites.get(random.nextInt(sites.size()));
    Dot dot = new Dot(site, 1 + random.nextInt(30));
    int size = 1 + random.nextInt(200_000);
    int part = Math.max(size, MessageLimits.PART_BYTES_MIN);
    return switch (random.nextInt(8)) {
      case 0 -> new Batch(dot, Bytes.wrap(new byte[size]));
      case 1 ->
          new BatchPart(dot, random.nextInt(3), random.nextBoolean(), Bytes.wrap(new byte[part]));
      case 2 -> new Have(Bench.holding(site, dot.seq()));
      case 3 -> new SummaryVector(Bench.holding(site, dot.seq()));
      case 4 -> new Want(random.nextInt(6), size, List.of(new DotRange(site, 1, dot.seq())));
      case 5 -> new Done(random.nextInt(20));
      default -> samples.any();
    };
  }

  private static List<Output> answer(Bench bench, Random random, List<Output> outputs) {
    List<Output> next = new ArrayList<>();
    for (Output output : outputs) {
      if (output instanceof Output.Ingest ingest) {
        for (Output.Arrival arrival : ingest.arrivals()) {
          Input.Verdict verdict = verdict(bench, random, arrival.claimed());
          next.addAll(bench.on(new Input.Judged(ingest.from(), List.of(verdict))));
        }
      } else if (output instanceof Output.Provide provide) {
        next.addAll(bench.on(new Input.Provided(provide.peer(), provide.want(), List.of())));
      } else if (output instanceof Output.Schedule schedule && random.nextInt(3) == 0) {
        bench.now = Math.max(bench.now, schedule.dueMillis());
        next.addAll(bench.fire(schedule.timer()));
      }
    }
    return next;
  }

  private static Input.Verdict verdict(Bench bench, Random random, Dot dot) {
    boolean next = bench.engine.summary().seq(dot.site()) + 1 == dot.seq();
    Dot other = new Dot(dot.site(), 1 + random.nextInt(30));
    Ingested result =
        switch (random.nextInt(6)) {
          case 0 -> new Ingested.Refused("no");
          case 1 -> new Ingested.UnknownAuthor(dot);
          case 2 -> new Ingested.Missing(dot, other);
          default -> next ? Bench.delivered(dot) : duplicate(dot);
        };
    return new Input.Verdict(dot, result);
  }

  private static Ingested duplicate(Dot dot) {
    return new Ingested.Duplicate(dot, Bench.hashOf(dot));
  }

  private static Set<Class<?>> kinds(List<?> things) {
    return things.stream().<Class<?>>map(Object::getClass).collect(Collectors.toSet());
  }
}
