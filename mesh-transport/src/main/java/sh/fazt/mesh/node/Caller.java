package sh.fazt.mesh.node;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkDialer;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Pin;
import sh.fazt.mesh.store.PeerTable;

/**
 * Calls the members that have no link, when the peer book says so, and remembers in the database
 * where they were reached. Confined to the mesh thread.
 */
final class Caller {
  private static final Logger LOG = LoggerFactory.getLogger(Caller.class);
  private static final String TIMER = "call";

  private final Agenda agenda;
  private final LinkDialer dialer;
  private final LinkListener listener;
  private final Consumer<VerifyKey> unreached;
  private final PeerBook book;
  private final PeerMemory memory;
  private int callsUnderWay;

  /**
   * @param unreached told of a member that was sought and cannot be called just now
   */
  Caller(
      Agenda agenda,
      LinkDialer dialer,
      LinkListener listener,
      PeerTable table,
      Chance chance,
      Consumer<VerifyKey> unreached) {
    this.agenda = agenda;
    this.dialer = dialer;
    this.listener = listener;
    this.unreached = unreached;
    this.book = new PeerBook(Backoff.DIAL, chance);
    this.memory = new PeerMemory(table);
  }

  /** The other members as they are now: who is gone is no longer called. */
  void members(List<Member> others) {
    Set<VerifyKey> present = others.stream().map(Member::node).collect(Collectors.toSet());
    book.members(present);
    for (VerifyKey node : present) {
      if (book.addresses(node).isEmpty()) {
        book.learn(node, memory.addresses(node), agenda.nowMillis());
      }
    }
    look();
  }

  /** Calls these from now on, and no others, whenever they are not linked. */
  void seek(Set<VerifyKey> wanted) {
    book.seek(wanted);
    look();
    wanted.stream().filter(member -> book.addresses(member).isEmpty()).forEach(unreached);
  }

  /** What a member says of where it can be reached. */
  void told(VerifyKey member, List<String> addresses) {
    book.greeted(member);
    book.learn(member, usable(addresses), agenda.nowMillis());
    save(member);
  }

  /** What a member says of where it can be reached, by way of others. */
  void located(VerifyKey member, List<String> addresses) {
    book.learn(member, usable(addresses), agenda.nowMillis());
    save(member);
    look();
  }

  /** Those that can be dialled: a member may say anything. */
  static List<String> usable(List<String> addresses) {
    return addresses.stream().filter(Caller::isAddress).toList();
  }

  private static boolean isAddress(String text) {
    try {
      return text.indexOf(' ') < 0 && ListenAddress.parse(text).port() > 0;
    } catch (MeshException e) {
      return false;
    }
  }

  /**
   * Where a member is on the local network, as its beacons say: it is tried there first, and that
   * is not remembered.
   */
  void near(VerifyKey member, List<String> addresses) {
    book.near(member, usable(addresses), agenda.nowMillis());
    look();
  }

  /**
   * Calls a linked member at another address; a link that comes of it takes the other one's place.
   *
   * @param failed run if none does
   */
  void move(VerifyKey member, String address, Runnable failed) {
    connect(
        new PeerBook.Call(member, address),
        failure ->
            failure.ifPresent(
                why -> {
                  LOG.debug("no better link to {}: {}", NodeId.of(member), why.getMessage());
                  agenda.submit(failed);
                }));
  }

  void linked(VerifyKey member) {
    book.linked(member);
  }

  void down(VerifyKey member) {
    book.down(member, agenda.nowMillis());
    look();
  }

  /** Calls all that are not linked at once, as when a person asks. */
  void hurry() {
    book.hurry(agenda.nowMillis());
    look();
  }

  /** Whether a call is under way. */
  boolean isCalling() {
    return callsUnderWay > 0;
  }

  /** Takes note that this node and a member held the same. */
  void level(VerifyKey member, long atMillis) {
    memory.level(member, atMillis);
  }

  /** When this node and a member last held the same, Unix milliseconds; 0 for never. */
  long lastLevelMillis(VerifyKey member) {
    return memory.lastLevelMillis(member);
  }

  private void save(VerifyKey member) {
    memory.reached(member, book.addresses(member));
  }

  private void look() {
    book.due(agenda.nowMillis()).forEach(this::dial);
    book.nextDueMillis().ifPresent(due -> agenda.schedule(TIMER, due, this::look));
  }

  private void dial(PeerBook.Call call) {
    callsUnderWay++;
    connect(call, failure -> agenda.submit(() -> answered(call, failure)));
  }

  private void connect(PeerBook.Call call, Consumer<Optional<Throwable>> answered) {
    dialer.dial(call.address(), Pin.of(call.member()), listener, answered);
  }

  private void answered(PeerBook.Call call, Optional<Throwable> failure) {
    callsUnderWay--;
    if (failure.isEmpty()) {
      book.reached(call);
      save(call.member());
    } else {
      NodeId id = NodeId.of(call.member());
      LOG.debug("{} not reached at {}: {}", id, call.address(), failure.get().getMessage());
      book.failed(call, agenda.nowMillis());
      if (book.isOutOfReach(call.member())) {
        unreached.accept(call.member());
      }
      look();
    }
  }
}
