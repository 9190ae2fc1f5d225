package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Simulated time, nodes and links. Links keep order and lose nothing while they are up; each has
 * its own delay, a rate, and a buffer that fills. All chance comes from one seed.
 */
final class World {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int BYTES_PER_MILLI = 20_000;

  final List<SimNode> nodes = new ArrayList<>();
  final Random random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final Map<VerifyKey, SimNode> byKey = new LinkedHashMap<>();
  private final List<Edge> edges = new ArrayList<>();
  private final Map<SimNode, List<Edge>> edgesOf = new HashMap<>();
  private long now = 1_000_000;
  private long order;
  private long trace;
  private long messages;
  private long bytes;
  private LongPredicate cut = edge -> false;
  private boolean sought;

  World(long seed) {
    this.random = new Random(seed);
  }

  long now() {
    return now;
  }

  /** A number that differs as soon as anything on a link differs. */
  long trace() {
    return trace;
  }

  /** How many messages were sent. */
  long messages() {
    return messages;
  }

  /** How many bytes were sent. */
  long bytes() {
    return bytes;
  }

  SimNode node(GossipConfig config) {
    SimNode node = new SimNode(this, random, config);
    nodes.add(node);
    byKey.put(node.key, node);
    at(now, node::start);
    return node;
  }

  /** These two shall be linked whenever nothing prevents it. */
  void edge(int a, int b) {
    edge(nodes.get(a), nodes.get(b));
  }

  private void edge(SimNode a, SimNode b) {
    Edge edge = new Edge(a, b, 1 + random.nextInt(40));
    edges.add(edge);
    edgesOf(edge.a).add(edge);
    edgesOf(edge.b).add(edge);
  }

  /** From now on those are linked of whom one seeks the other: all nodes are members. */
  void linkWhoSeek() {
    sought = true;
    for (SimNode node : nodes) {
      Set<VerifyKey> others = new HashSet<>(byKey.keySet());
      others.remove(node.key);
      at(now + random.nextInt(1_000), () -> node.on(new Input.Members(others)));
    }
  }

  /** That node has another mind of whom it seeks. */
  void seeks(SimNode node) {
    for (VerifyKey member : new TreeSet<>(node.sought)) {
      SimNode other = byKey.get(member);
      if (sought && edgesOf(node).stream().noneMatch(edge -> edge.joins(other))) {
        edge(node, other);
      }
    }
  }

  /** How many links are up, on average and at most at one node. */
  LongSummaryStatistics links() {
    return nodes.stream()
        .mapToLong(node -> edgesOf(node).stream().filter(edge -> edge.up).count())
        .summaryStatistics();
  }

  private List<Edge> edgesOf(SimNode node) {
    return edgesOf.computeIfAbsent(node, key -> new ArrayList<>());
  }

  void fullMesh() {
    for (int a = 0; a < nodes.size(); a++) {
      for (int b = 0; b < a; b++) {
        edge(a, b);
      }
    }
  }

  void at(long millis, Runnable action) {
    events.add(new Event(Math.max(now, millis), order++, action));
  }

  /** Lets time pass; links that are down are dialled again meanwhile. */
  void run(long millis) {
    long end = now + millis;
    for (long next = now; next < end; next += 100) {
      at(next, this::dial);
    }
    while (!events.isEmpty() && events.element().at() <= end) {
      Event event = events.remove();
      now = event.at();
      event.action().run();
    }
    now = end;
  }

  /** Cuts every link between the first {@code count} nodes and the others. */
  void partition(int count) {
    cut = edge -> crosses(edges.get((int) edge), count);
    for (int i = 0; i < edges.size(); i++) {
      if (cut.test(i)) {
        edges.get(i).close();
      }
    }
  }

  void heal() {
    cut = edge -> false;
  }

  void breakAnyLink() {
    edges.get(random.nextInt(edges.size())).close();
  }

  void restartAny() {
    SimNode node = nodes.get(random.nextInt(nodes.size()));
    edges.stream().filter(edge -> edge.joins(node)).forEach(Edge::close);
    node.restart();
  }

  boolean isLevel() {
    return nodes.stream().allMatch(node -> node.log.summary().equals(nodes.get(0).log.summary()));
  }

  void send(SimNode from, VerifyKey to, Message message) {
    Bytes frame = MessageCodec.encode(message);
    messages++;
    bytes += frame.size();
    trace = trace * 31 + frame.hashCode() + now;
    for (Edge edge : edgesOf(from)) {
      if (edge.joins(byKey.get(to))) {
        edge.send(from, frame);
      }
    }
  }

  void close(SimNode from, VerifyKey to) {
    for (Edge edge : edgesOf(from)) {
      if (edge.joins(byKey.get(to))) {
        edge.close();
      }
    }
  }

  private void dial() {
    for (int i = 0; i < edges.size(); i++) {
      Edge edge = edges.get(i);
      if (!edge.up && !cut.test(i) && (!sought || edge.isSought()) && random.nextInt(3) == 0) {
        edge.open();
      }
    }
  }

  private boolean crosses(Edge edge, int count) {
    return nodes.indexOf(edge.a) < count != nodes.indexOf(edge.b) < count;
  }

  private record Event(long at, long order, Runnable action) {}

  private final class Edge {
    private final SimNode a;
    private final SimNode b;
    private final int delayMillis;
    private final Lane toA = new Lane();
    private final Lane toB = new Lane();
    private boolean up;
    private int epoch;

    Edge(SimNode a, SimNode b, int delayMillis) {
      this.a = a;
      this.b = b;
      this.delayMillis = delayMillis;
    }

    boolean joins(SimNode node) {
      return node == a || node == b;
    }

    boolean isSought() {
      return a.sought.contains(b.key) || b.sought.contains(a.key);
    }

    void open() {
      up = true;
      epoch++;
      toA.reset();
      toB.reset();
      tell(a, new Input.PeerUp(b.key));
      tell(b, new Input.PeerUp(a.key));
    }

    void close() {
      if (up) {
        up = false;
        epoch++;
        tell(a, new Input.PeerDown(b.key));
        tell(b, new Input.PeerDown(a.key));
      }
    }

    void send(SimNode from, Bytes frame) {
      if (!up) {
        return;
      }
      SimNode to = from == a ? b : a;
      Lane lane = from == a ? toB : toA;
      lane.bytes += frame.size();
      if (lane.bytes > BUFFER_BYTES && !lane.full) {
        lane.full = true;
        tell(from, new Input.PeerWritable(to.key, false));
      }
      lane.free = Math.max(lane.free, now) + frame.size() / BYTES_PER_MILLI;
      lane.last = Math.max(lane.last, lane.free + delayMillis + random.nextInt(5));
      int sent = epoch;
      at(lane.last, () -> arrive(sent, from, to, lane, frame));
    }

    private void arrive(int sent, SimNode from, SimNode to, Lane lane, Bytes frame) {
      if (sent != epoch) {
        return;
      }
      lane.bytes -= frame.size();
      if (lane.full && lane.bytes < BUFFER_BYTES / 2) {
        lane.full = false;
        from.on(new Input.PeerWritable(to.key, true));
      }
      try {
        Message message = MessageCodec.decode(frame);
        to.counts.heard(from.counts, message);
        to.on(new Input.Received(from.key, message));
      } catch (MalformedException e) {
        throw new AssertionError("an honest node sent " + frame, e);
      }
    }

    private void tell(SimNode node, Input input) {
      int sent = epoch;
      at(
          now,
          () -> {
            if (sent == epoch || input instanceof Input.PeerDown) {
              node.on(input);
            }
          });
    }
  }

  private static final class Lane {
    private long bytes;
    private long free;
    private long last;
    private boolean full;

    void reset() {
      bytes = 0;
      free = 0;
      last = 0;
      full = false;
    }
  }
}
