package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkDialer;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Pin;

/** The network of a simulated world, and all that goes wrong with it. */
final class SimNetwork {
  /** That a sender waits while nothing gets through. */
  static final long PATIENCE_MILLIS = 40_000;

  private static final long CONNECT_MILLIS = 10_000;
  private static final Pattern PLACE = Pattern.compile("10\\.0\\.0\\.([1-9][0-9]{0,2}):8443");
  private static final int NOWHERE = -1;

  final SimTime time;
  private final BiPredicate<Integer, Integer> near;
  private final Map<Integer, Port> ports = new HashMap<>();
  private final List<SimLink> links = new ArrayList<>();
  private final Set<Way> blocked = new HashSet<>();

  /** How often in a thousand a frame is lost, and with it the link. */
  int lossPerMille;

  /** The longest way of a frame through the network. */
  long delayMillisMax = 40;

  /** What is never to arrive, though the link goes on: for tests of the judge alone. */
  Predicate<Bytes> swallowed = frame -> false;

  /** What a node says in place of a frame. */
  BiFunction<Integer, Bytes, List<Bytes>> liar = (from, frame) -> List.of(frame);

  long frames;
  long bytes;

  /**
   * @param near whether the first node can reach the second at all
   */
  SimNetwork(SimTime time, BiPredicate<Integer, Integer> near) {
    this.time = time;
    this.near = near;
  }

  private record Port(VerifyKey key, LinkListener inbound) {}

  private record Way(int from, int to) {}

  static String address(int index) {
    return "10.0.0." + (index + 1) + ":8443";
  }

  /** Which node is there; none where a liar says that one is. */
  private static int index(String address) {
    Matcher place = PLACE.matcher(address);
    return place.matches() ? Integer.parseInt(place.group(1)) - 1 : NOWHERE;
  }

  boolean isNear(int from, int to) {
    return near.test(from, to);
  }

  /** A node listens. */
  void up(int index, VerifyKey key, LinkListener inbound) {
    ports.put(index, new Port(key, inbound));
  }

  /**
   * A node is gone, and its links with it.
   *
   * @param silently whether nobody is told, as when its machine loses power
   */
  void down(int index, boolean silently) {
    ports.remove(index);
    endsOf(index)
        .forEach(
            link -> {
              links.remove(link);
              link.die(silently);
            });
  }

  /** A node is gone in good order: what it said last is on its way, then its links are closed. */
  void leave(int index) {
    ports.remove(index);
    List<SimLink> left = endsOf(index);
    time.in(1, () -> left.stream().filter(links::remove).forEach(link -> link.die(false)));
  }

  private List<SimLink> endsOf(int index) {
    return links.stream().filter(link -> link.owner == index).toList();
  }

  /** Lets nothing pass in this direction. */
  void block(int from, int to) {
    blocked.add(new Way(from, to));
  }

  /** Lets all pass. */
  void unblock() {
    blocked.clear();
  }

  boolean isBlocked(int from, int to) {
    return blocked.contains(new Way(from, to));
  }

  void breakAnyLink() {
    if (!links.isEmpty()) {
      links.get(time.random.nextInt(links.size())).breakOff("broken");
    }
  }

  /** Stops one direction of a link for a while. */
  void stallAnyLink(long millis) {
    if (!links.isEmpty()) {
      SimLink link = links.get(time.random.nextInt(links.size()));
      link.read(false);
      time.in(millis, () -> link.read(true));
    }
  }

  void gone(SimLink link) {
    links.remove(link);
  }

  long delay() {
    return time.between(1, delayMillisMax);
  }

  /** Until an end hears that its link has broken. */
  long notice() {
    return time.happens(300) ? time.between(1_000, 60_000) : time.between(0, 200);
  }

  boolean loses() {
    return time.happens(lossPerMille);
  }

  void sent(int from, Bytes frame) {
    frames++;
    bytes += frame.size();
    time.trace(from);
  }

  List<Bytes> said(int from, Bytes frame) {
    return liar.apply(from, frame);
  }

  LinkDialer dialer(int from, VerifyKey key) {
    return (address, pin, listener, answered) ->
        time.in(delay(), () -> dial(new Call(from, key, pin, listener, answered), index(address)));
  }

  private record Call(
      int from,
      VerifyKey key,
      Pin pin,
      LinkListener listener,
      Consumer<Optional<Throwable>> answered) {
    void fails(ErrorCode code) {
      answered.accept(Optional.of(new MeshException(code, "no link: " + code, "fazt mesh status")));
    }
  }

  private void dial(Call call, int to) {
    Port port = ports.get(to);
    if (!near.test(call.from(), to) || isBlocked(call.from(), to) || isBlocked(to, call.from())) {
      time.in(CONNECT_MILLIS, () -> call.fails(ErrorCode.PEER_UNREACHABLE));
    } else if (port == null) {
      time.in(delay(), () -> call.fails(ErrorCode.PEER_UNREACHABLE));
    } else if (!call.pin().matches(port.key())) {
      time.in(delay(), () -> call.fails(ErrorCode.PEER_KEY_MISMATCH));
    } else {
      open(call, to, port);
    }
  }

  private void open(Call call, int to, Port port) {
    SimLink here = new SimLink(this, call.from(), to, port.key(), call.listener());
    SimLink there = new SimLink(this, to, call.from(), call.key(), port.inbound());
    here.joinedTo(there);
    links.add(here);
    links.add(there);
    time.in(delay(), there::opened);
    if (time.happens(20)) {
      // The caller gives up while the other side takes the link for good.
      here.breakOff("broken while it opened");
      time.in(CONNECT_MILLIS, () -> call.fails(ErrorCode.PEER_UNREACHABLE));
    } else {
      time.in(
          delay(),
          () -> {
            if (here.opened()) {
              call.answered().accept(Optional.empty());
            } else {
              call.fails(ErrorCode.PEER_UNREACHABLE);
            }
          });
    }
  }
}
