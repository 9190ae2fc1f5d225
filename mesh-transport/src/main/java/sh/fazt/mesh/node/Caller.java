package sh.fazt.mesh.node;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
  private final PeerTable table;
  private final PeerBook book;
  private final Map<VerifyKey, PeerTable.Peer> stored;
  private int callsUnderWay;

  Caller(Agenda agenda, LinkDialer dialer, LinkListener listener, PeerTable table, Chance chance) {
    this.agenda = agenda;
    this.dialer = dialer;
    this.listener = listener;
    this.table = table;
    this.book = new PeerBook(Backoff.DIAL, chance);
    this.stored = new TreeMap<>(table.all());
  }

  /** The other members as they are now: who is gone is no longer called. */
  void members(List<Member> others) {
    Set<VerifyKey> present = others.stream().map(Member::node).collect(Collectors.toSet());
    book.members(present);
    for (VerifyKey node : present) {
      if (book.addresses(node).isEmpty() && stored.containsKey(node)) {
        book.learn(node, stored.get(node).addresses(), agenda.nowMillis());
      }
    }
    look();
  }

  /** What a member says of where it can be reached. */
  void told(VerifyKey member, List<String> addresses) {
    book.greeted(member);
    book.learn(member, usable(addresses), agenda.nowMillis());
    save(member);
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
    List<String> addresses = book.addresses(member);
    store(member, new PeerTable.Peer(addresses, atMillis));
  }

  /** When this node and a member last held the same, Unix milliseconds; 0 for never. */
  long lastLevelMillis(VerifyKey member) {
    return find(member).map(PeerTable.Peer::lastSyncMillis).orElse(0L);
  }

  private Optional<PeerTable.Peer> find(VerifyKey member) {
    return Optional.ofNullable(stored.get(member));
  }

  private void save(VerifyKey member) {
    store(member, new PeerTable.Peer(book.addresses(member), lastLevelMillis(member)));
  }

  /** Keeps it for the next start; what cannot be written now may be with the next change. */
  private void store(VerifyKey member, PeerTable.Peer peer) {
    if (!peer.equals(stored.put(member, peer))) {
      try {
        table.put(member, peer);
      } catch (MeshException e) {
        LOG.debug("not kept where {} is: {}", NodeId.of(member), e.getMessage());
      }
    }
  }

  private void look() {
    book.due(agenda.nowMillis()).forEach(this::dial);
    book.nextDueMillis().ifPresent(due -> agenda.schedule(TIMER, due, this::look));
  }

  private void dial(PeerBook.Call call) {
    callsUnderWay++;
    dialer.dial(
        call.address(),
        Pin.of(call.member()),
        listener,
        failure -> agenda.submit(() -> answered(call, failure)));
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
      look();
    }
  }
}
