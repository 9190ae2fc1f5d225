package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Where each member can be dialled, and when it is next worth a try. It decides and does nothing.
 * Confined to the mesh thread.
 */
final class PeerBook {
  /** Addresses kept of one member. */
  static final int ADDRESSES_MAX = 16;

  private final Backoff backoff;
  private final Chance chance;
  private final Map<VerifyKey, Entry> members = new TreeMap<>();
  private Set<VerifyKey> sought = Set.of();

  PeerBook(Backoff backoff, Chance chance) {
    this.backoff = backoff;
    this.chance = chance;
  }

  /** A call to make: of a member, at one of its addresses, {@code HOST:PORT}. */
  record Call(VerifyKey member, String address) {}

  /** The members other than ourselves; those that are gone are forgotten. */
  void members(Set<VerifyKey> present) {
    members.keySet().retainAll(present);
    present.forEach(member -> members.computeIfAbsent(member, key -> new Entry()));
  }

  /** From now on these are dialled, and no others. */
  void seek(Set<VerifyKey> wanted) {
    sought = Set.copyOf(wanted);
  }

  /** Whether every address of a member has failed since it was last well, or none is known. */
  boolean isOutOfReach(VerifyKey member) {
    Entry entry = members.get(member);
    return entry == null || (!entry.linked && entry.failures >= entry.addresses.size());
  }

  /** What a member says of its addresses, or what we remember; the likeliest first. */
  void learn(VerifyKey member, List<String> addresses, long nowMillis) {
    Entry entry = members.get(member);
    if (entry != null && !addresses.isEmpty()) {
      List<String> joined = new ArrayList<>(addresses);
      entry.addresses.stream().filter(known -> !joined.contains(known)).forEach(joined::add);
      boolean moved = !addresses.get(0).equals(entry.first());
      entry.addresses = List.copyOf(joined.subList(0, Math.min(joined.size(), ADDRESSES_MAX)));
      if (moved && !entry.busy) {
        entry.startOver(nowMillis);
      }
    }
  }

  /**
   * Where a member is on the local network by what is heard there: tried before all else, at once
   * where that is news, and forgotten when it is heard no more.
   */
  void near(VerifyKey member, List<String> addresses, long nowMillis) {
    Entry entry = members.get(member);
    if (entry == null) {
      return;
    }
    boolean news = !entry.near.containsAll(addresses);
    entry.near = List.copyOf(addresses.subList(0, Math.min(addresses.size(), ADDRESSES_MAX)));
    if (news) {
      entry.startOver(nowMillis);
    }
  }

  /** The addresses of a member that are worth remembering, the likeliest first. */
  List<String> addresses(VerifyKey member) {
    Entry entry = members.get(member);
    return entry == null ? List.of() : entry.addresses;
  }

  /** The calls that are due; each is under way until {@link #failed} or {@link #linked}. */
  List<Call> due(long nowMillis) {
    List<Call> calls = new ArrayList<>();
    members.forEach(
        (member, entry) -> {
          if (sought.contains(member) && entry.isIdle() && entry.dueMillis <= nowMillis) {
            entry.busy = true;
            List<String> places = entry.places();
            calls.add(new Call(member, places.get(entry.failures % places.size())));
          }
        });
    return calls;
  }

  /** When the next call is due. */
  OptionalLong nextDueMillis() {
    return members.entrySet().stream()
        .filter(each -> sought.contains(each.getKey()) && each.getValue().isIdle())
        .mapToLong(each -> each.getValue().dueMillis)
        .min();
  }

  void failed(Call call, long nowMillis) {
    Entry entry = members.get(call.member());
    if (entry != null && !entry.linked) {
      entry.busy = false;
      entry.failures++;
      entry.dueMillis = nowMillis + backoff.waitMillis(entry.failures, chance);
      if (entry.startsOver) {
        entry.startOver(nowMillis);
      }
    }
  }

  /** A call succeeded: that address is the likeliest from now on, if it is one to remember. */
  void reached(Call call) {
    Entry entry = members.get(call.member());
    if (entry != null && entry.addresses.contains(call.address())) {
      List<String> addresses = new ArrayList<>(List.of(call.address()));
      entry.addresses.stream()
          .filter(known -> !known.equals(call.address()))
          .forEach(addresses::add);
      entry.addresses = List.copyOf(addresses);
    }
  }

  /** There is a link, whoever dialled it. */
  void linked(VerifyKey member) {
    Entry entry = members.get(member);
    if (entry != null) {
      entry.linked = true;
      entry.busy = false;
      entry.startsOver = false;
    }
  }

  /** The peer has proved on this link that it is well; a loss begins with short waits again. */
  void greeted(VerifyKey member) {
    Entry entry = members.get(member);
    if (entry != null) {
      entry.failures = 0;
    }
  }

  /** The link is gone. */
  void down(VerifyKey member, long nowMillis) {
    Entry entry = members.get(member);
    if (entry != null && entry.linked) {
      entry.linked = false;
      entry.failures++;
      entry.dueMillis = nowMillis + backoff.waitMillis(entry.failures, chance);
    }
  }

  /** Calls all that are not linked soon, as when a person asks or the network has changed. */
  void hurry(long nowMillis) {
    for (Entry entry : members.values()) {
      entry.failures = 0;
      entry.dueMillis = Math.min(entry.dueMillis, nowMillis);
    }
  }

  private static final class Entry {
    private List<String> addresses = List.of();
    private List<String> near = List.of();
    private int failures;
    private long dueMillis = Long.MIN_VALUE;
    private boolean busy;
    private boolean linked;

    /** News came while a call was under way; if it fails, the next is made with them. */
    private boolean startsOver;

    boolean isIdle() {
      return !busy && !linked && !(addresses.isEmpty() && near.isEmpty());
    }

    List<String> places() {
      return Stream.concat(near.stream(), addresses.stream()).distinct().toList();
    }

    void startOver(long nowMillis) {
      startsOver = busy;
      if (!busy) {
        failures = 0;
        dueMillis = nowMillis;
      }
    }

    @Nullable String first() {
      return addresses.isEmpty() ? null : addresses.get(0);
    }
  }
}
