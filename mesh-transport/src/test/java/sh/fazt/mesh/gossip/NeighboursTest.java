package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/** Whom a node is linked with: everyone in a small mesh, a few in a larger one. */
final class NeighboursTest {
  private static final GossipConfig CONFIG = GossipConfig.standard();
  private static final GossipConfig.Linking LIMITS = CONFIG.linking();

  private final Bench bench = new Bench(CONFIG);

  private List<SiteId> members(int count) {
    List<SiteId> sites = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sites.add(bench.site());
    }
    bench.on(new Input.Members(keys(sites)));
    return sites;
  }

  private static Set<VerifyKey> keys(List<SiteId> sites) {
    return sites.stream().map(SiteId::node).collect(Collectors.toSet());
  }

  private Set<VerifyKey> sought() {
    List<Output.Seek> seeks = bench.of(Output.Seek.class);
    assertThat(seeks).hasSize(1);
    return seeks.get(0).members();
  }

  @Test
  void inASmallMeshEveryoneIsSought() {
    List<SiteId> all = members(LIMITS.everyoneMax());
    assertThat(sought()).isEqualTo(keys(all));
    bench.on(new Input.Unreached(all.get(0).node()));
    assertThat(bench.of(Output.Seek.class)).isEmpty();
    all.forEach(site -> bench.introduce(site, Summary.EMPTY));
    assertThat(all).noneMatch(site -> bench.dropped(site).isPresent());
    bench.fire(new Timer.Stroll());
    assertThat(bench.of(Output.Drop.class)).isEmpty();
  }

  @Test
  void inALargerMeshAFewAreSought() {
    List<SiteId> all = members(LIMITS.everyoneMax() + 1);
    assertThat(keys(all)).containsAll(sought());
    assertThat(sought()).hasSize(LIMITS.linksMin());
  }

  @Test
  void whoCannotBeReachedIsReplacedUntilTheNextStroll() {
    List<SiteId> all = members(40);
    Set<VerifyKey> gone = new HashSet<>();
    for (int i = 0; i < all.size() - LIMITS.linksMin(); i++) {
      VerifyKey one = sought().iterator().next();
      gone.add(one);
      bench.on(new Input.Unreached(one));
      assertThat(sought()).hasSize(LIMITS.linksMin()).doesNotContainAnyElementsOf(gone);
    }
    bench.on(new Input.Unreached(sought().iterator().next()));
    assertThat(sought()).hasSize(LIMITS.linksMin() - 1);
    Output.Schedule soon = bench.of(Output.Schedule.class).get(0);
    assertThat(soon.timer()).isEqualTo(new Timer.Stroll());
    assertThat(soon.dueMillis() - bench.now).isLessThan(2 * LIMITS.lonelyMillis());
    bench.fire(new Timer.Stroll());
    assertThat(sought()).hasSize(LIMITS.linksMin());
  }

  @Test
  void linksThatOthersMadeCount() {
    List<SiteId> all = members(40);
    List<SiteId> callers = new ArrayList<>(all);
    callers.removeIf(site -> sought().contains(site.node()));
    callers.subList(0, LIMITS.linksMin()).forEach(site -> bench.introduce(site, Summary.EMPTY));
    bench.on(new Input.Members(keys(all)));
    assertThat(bench.of(Output.Seek.class)).isEmpty();
    bench.on(new Input.PeerDown(callers.get(0).node()));
    assertThat(sought()).hasSize(1);
  }

  @Test
  void beyondTheMostItPartsFromAnyAndSaysSo() {
    List<SiteId> all = members(40);
    for (SiteId site : all.subList(0, LIMITS.linksMax())) {
      bench.introduce(site, Summary.EMPTY);
      assertThat(bench.of(Output.Drop.class)).isEmpty();
    }
    bench.on(new Input.PeerUp(all.get(39).node()));
    bench.receive(all.get(39), Bench.hello(all.get(39)));
    List<Output.Drop> dropped = bench.of(Output.Drop.class);
    assertThat(dropped).hasSize(1);
    assertThat(dropped.get(0).reason()).isEqualTo(Neighbours.ENOUGH);
    assertThat(bench.of(Output.Send.class))
        .contains(new Output.Send(dropped.get(0).peer(), new Bye(Neighbours.ENOUGH)));
  }

  @Test
  void aStrollChangesOneLink() {
    List<SiteId> all = members(40);
    all.subList(0, LIMITS.linksMin()).forEach(site -> bench.introduce(site, Summary.EMPTY));
    bench.fire(new Timer.Stroll());
    assertThat(bench.of(Output.Drop.class)).hasSize(1);
    assertThat(sought()).hasSize(1);
  }

  /**
   * Whatever the chance, a thousand nodes are one graph of low degree, also after a half is gone.
   */
  @ParameterizedTest
  @ValueSource(longs = {7, 24, 43})
  void aThousandNodesAreOneShallowGraph(long seed) {
    Web web = new Web(1_000, seed);
    web.run(60_000);
    System.out.println("a thousand nodes: " + web.figures(web.nodes));
    assertThat(web.reached(web.nodes)).isEqualTo(1_000);
    assertThat(web.mostLinks()).isLessThanOrEqualTo(LIMITS.linksMax());
    assertThat(web.widest()).isLessThanOrEqualTo(8);
    List<Web.Node> left = web.loseHalf();
    web.run(120_000);
    System.out.println("after half of them are gone: " + web.figures(left));
    assertThat(web.reached(left)).isEqualTo(500);
  }

  /** Two halves that were apart for long have neighbours enough each; strolls join them. */
  @Test
  void halvesThatWereApartFindEachOtherAgain() {
    Web web = new Web(100, 3);
    web.split(true);
    web.run(60_000);
    assertThat(web.reached(web.nodes)).isEqualTo(50);
    web.split(false);
    web.run(2 * LIMITS.strollMillis());
    assertThat(web.reached(web.nodes)).isEqualTo(100);
  }

  /** Engines whose links are made as they ask, without messages but the first and the last. */
  private static final class Web {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<VerifyKey, Node> byKey = new LinkedHashMap<>();
    private final Random random;
    private final PriorityQueue<Event> events =
        new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long now = 1_000_000;
    private long order;
    private boolean split;

    private record Event(long at, long order, Runnable action) {}

    Web(int count, long seed) {
      random = new Random(seed);
      for (int i = 0; i < count; i++) {
        Node node = new Node(i, random.nextLong());
        nodes.add(node);
        byKey.put(node.bench.self.node(), node);
      }
      nodes.forEach(
          node -> {
            Set<VerifyKey> others = new TreeSet<>(byKey.keySet());
            others.remove(node.bench.self.node());
            at(random.nextInt(1_000), () -> node.on(new Input.Start()));
            at(1_000 + random.nextInt(1_000), () -> node.on(new Input.Members(others)));
          });
    }

    private void at(long inMillis, Runnable action) {
      events.add(new Event(now + inMillis, order++, action));
    }

    void run(long millis) {
      long end = now + millis;
      while (!events.isEmpty() && events.element().at() <= end) {
        Event event = events.remove();
        now = event.at();
        event.action().run();
      }
      now = end;
    }

    void split(boolean apart) {
      split = apart;
    }

    List<Node> loseHalf() {
      List<Node> left = new ArrayList<>();
      for (Node node : nodes) {
        if (node.number % 2 == 0) {
          left.add(node);
        } else {
          node.gone = true;
          List.copyOf(node.linked).forEach(other -> part(node, other));
        }
      }
      return left;
    }

    private boolean mayMeet(Node one, Node other) {
      boolean sameHalf = one.number % 2 == other.number % 2;
      return !one.gone && !other.gone && (sameHalf || !split);
    }

    private void part(Node one, Node other) {
      if (one.linked.remove(other)) {
        other.linked.remove(one);
        at(10, () -> one.lose(other));
        at(10, () -> other.lose(one));
      }
    }

    private void link(Node one, Node other) {
      if (one.linked.add(other)) {
        other.linked.add(one);
        one.meet(other);
        other.meet(one);
      }
    }

    int mostLinks() {
      return nodes.stream().mapToInt(node -> node.linked.size()).max().orElse(0);
    }

    int reached(List<Node> of) {
      return hops(of.get(0)).size();
    }

    int widest() {
      return nodes.stream()
          .limit(50)
          .flatMap(node -> hops(node).values().stream())
          .mapToInt(Integer::intValue)
          .max()
          .orElse(0);
    }

    private Map<Node, Integer> hops(Node from) {
      Map<Node, Integer> hops = new HashMap<>(Map.of(from, 0));
      Deque<Node> next = new ArrayDeque<>(List.of(from));
      while (!next.isEmpty()) {
        Node node = next.remove();
        for (Node other : node.linked) {
          if (hops.putIfAbsent(other, hops.get(node) + 1) == null) {
            next.add(other);
          }
        }
      }
      return hops;
    }

    String figures(List<Node> of) {
      double links = of.stream().mapToInt(node -> node.linked.size()).average().orElse(0);
      return "%d reached, %.1f links a node, at most %d, %d hops across"
          .formatted(reached(of), links, mostLinks(), widest());
    }

    private final class Node {
      private final int number;
      private final Bench bench;
      private final Set<Node> linked = new LinkedHashSet<>();
      private final Map<Timer, Long> timers = new HashMap<>();
      private Set<VerifyKey> sought = Set.of();
      private boolean gone;

      Node(int number, long seed) {
        this.number = number;
        this.bench = new Bench(CONFIG, seed);
      }

      void on(Input input) {
        if (!gone) {
          bench.now = now;
          bench.on(input).forEach(this::perform);
        }
      }

      void meet(Node other) {
        on(new Input.PeerUp(other.bench.self.node()));
        on(new Input.Received(other.bench.self.node(), Bench.hello(other.bench.self)));
      }

      /** Who is still sought is called again. */
      void lose(Node other) {
        VerifyKey member = other.bench.self.node();
        on(new Input.PeerDown(member));
        at(1_000 + random.nextInt(1_000), () -> call(member));
      }

      private void perform(Output output) {
        if (output instanceof Output.Seek seek) {
          sought = seek.members();
          sought.forEach(member -> at(5 + random.nextInt(50), () -> call(member)));
        } else if (output instanceof Output.Drop drop) {
          part(this, byKey.get(drop.peer()));
        } else if (output instanceof Output.Schedule schedule
            && schedule.timer() instanceof Timer.Stroll) {
          timers.put(schedule.timer(), schedule.dueMillis());
          at(schedule.dueMillis() - now, () -> fire(schedule));
        }
      }

      private void fire(Output.Schedule schedule) {
        if (timers.remove(schedule.timer(), schedule.dueMillis())) {
          on(new Input.TimerFired(schedule.timer()));
        }
      }

      private void call(VerifyKey member) {
        Node other = byKey.get(member);
        if (!sought.contains(member) || linked.contains(other) || gone) {
          return;
        }
        if (mayMeet(this, other)) {
          link(this, other);
        } else {
          on(new Input.Unreached(member));
        }
      }
    }
  }
}
