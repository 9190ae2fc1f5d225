package sh.fazt.mesh.node;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.Rebase;
import sh.fazt.mesh.SnapshotSource;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.gossip.Input;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.MessageLimits;
import sh.fazt.mesh.gossip.SnapshotAsk;
import sh.fazt.mesh.gossip.SnapshotTell;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Role;

/**
 * Takes in a full member's whole state where batches that are lacking are gone, and gives this
 * node's own to who needs it: one at a time each. What breaks off begins anew, with the next
 * comparison. Who gives less than it claims to have loses its link, and {@link SnapshotRests
 * rests}. Confined to the mesh thread.
 */
final class Rebasing {
  /**
   * After which a peer that says nothing is given up, and a snapshot that nobody asks for closed.
   */
  static final long SILENCE_MILLIS = 60_000;

  private static final Logger LOG = LoggerFactory.getLogger(Rebasing.class);

  private final Agenda agenda;
  private final Mesh mesh;
  private final Consumer<Input> engine;
  private final BiConsumer<VerifyKey, String> drop;
  private final DiskRoom room;
  private final Runnable taken;
  private final SnapshotRests rests = new SnapshotRests();
  private Optional<Taking> taking = Optional.empty();
  private Optional<Giving> giving = Optional.empty();
  private Optional<MeshException> fault = Optional.empty();
  private long lastId;

  private enum Timer {
    TAKING,
    GIVING
  }

  /**
   * @param beyond what the peer claims that its state holds and this node lacks
   */
  private record Taking(VerifyKey peer, Summary beyond, long id, long piece, Rebase rebase) {
    Taking next() {
      return new Taking(peer, beyond, id, piece + 1, rebase);
    }
  }

  private record Giving(VerifyKey peer, long id, long piece, SnapshotSource source) {}

  /**
   * @param engine fed with what is to be said
   * @param drop closes the link of a peer that broke the rules
   * @param room looked at before bytes are kept
   * @param taken run when a state was taken in
   */
  Rebasing(
      Agenda agenda,
      Mesh mesh,
      Consumer<Input> engine,
      BiConsumer<VerifyKey, String> drop,
      DiskRoom room,
      Runnable taken) {
    this.room = room;
    this.taken = taken;
    this.agenda = agenda;
    this.mesh = mesh;
    this.engine = engine;
    this.drop = drop;
  }

  /** Why it cannot be done, if it had to be and could not. */
  Optional<MeshException> hindrance() {
    return fault;
  }

  /**
   * This peer holds what is lacking here in its state alone.
   *
   * @param beyond up to where it claims to have trimmed, and the forks that it claims there
   */
  void needed(VerifyKey peer, Summary beyond) {
    boolean may =
        mesh.membership().roster().admits(peer, Role.FULL)
            && !rests.isResting(peer, agenda.nowMillis());
    if (taking.isEmpty() && may) {
      lastId = lastId % Integer.MAX_VALUE + 1;
      LOG.info("batches that are lacking here are gone: taking the state of {}", name(peer));
      ask(new Taking(peer, beyond, lastId, 0, mesh.rebase()));
    }
  }

  private String name(VerifyKey peer) {
    return Names.of(mesh, peer);
  }

  private void ask(Taking next) {
    taking = Optional.of(next);
    agenda.schedule(Timer.TAKING, agenda.nowMillis() + SILENCE_MILLIS, this::endTaking);
    say(next.peer(), new SnapshotAsk(next.id(), next.piece()));
  }

  private void say(VerifyKey peer, Message message) {
    engine.accept(new Input.StateSaid(peer, message));
  }

  /** A peer has said something about snapshots. */
  void heard(VerifyKey from, Message message) {
    if (message instanceof SnapshotAsk ask) {
      agenda.submit(() -> asked(from, ask));
    } else if (message instanceof SnapshotTell tell) {
      agenda.submit(() -> told(from, tell));
    } else {
      throw new AssertionError("unhandled " + message);
    }
  }

  private void told(VerifyKey from, SnapshotTell tell) {
    Optional<Taking> mine =
        taking.filter(
            now -> now.peer().equals(from) && now.id() == tell.id() && now.piece() == tell.piece());
    if (mine.isPresent()) {
      take(mine.get(), tell);
    }
  }

  private void take(Taking now, SnapshotTell tell) {
    if (tell.bytes().isEmpty() && !tell.last()) {
      LOG.info("{} cannot give its state just now", name(now.peer()));
      endTaking();
      return;
    }
    try {
      room.shortage(tell.bytes().size())
          .ifPresent(
              shortage -> {
                throw shortage;
              });
      now.rebase().take(tell.bytes());
      if (tell.last()) {
        agenda.cancel(Timer.TAKING);
        // First: whoever dies in the middle is to know as well.
        mesh.unconfirmed().note(now.peer());
        merge(now);
      } else {
        ask(now.next());
      }
    } catch (MalformedException e) {
      malformed(now, e);
    } catch (MeshException e) {
      failed(e);
    }
  }

  private void merge(Taking now) {
    if (!taking.equals(Optional.of(now))) {
      return;
    }
    try {
      if (now.rebase().merge()) {
        agenda.submit(() -> merge(now));
        return;
      }
      fault = Optional.empty();
      endTaking();
      LOG.info("the state of {} is taken in", name(now.peer()));
      boolean kept = hasReached(now.beyond());
      if (kept) {
        rests.took(now.peer(), agenda.nowMillis());
      } else {
        unkept(now.peer(), "gave less than it claims to have");
      }
      engine.accept(new Input.Trimmed(mesh.floors()));
      engine.accept(new Input.Rebased(mesh.summary()));
      taken.run();
    } catch (MalformedException e) {
      malformed(now, e);
    } catch (MeshException e) {
      failed(e);
    }
  }

  private boolean hasReached(Summary beyond) {
    Summary floors = mesh.floors();
    Summary holds = mesh.summary();
    return beyond.heads().entrySet().stream()
            .allMatch(
                each ->
                    Math.max(floors.seq(each.getKey()), holds.seq(each.getKey()))
                        >= each.getValue().seq())
        && holds.forks().keySet().containsAll(beyond.forks().keySet());
  }

  private void malformed(Taking now, MalformedException e) {
    endTaking();
    unkept(now.peer(), "gave a malformed one: " + e.getMessage());
  }

  /** A peer that was asked for its state did not give what it claims. */
  private void unkept(VerifyKey peer, String how) {
    long minutes = rests.disappointed(peer, agenda.nowMillis()) / SnapshotRests.REST_MILLIS;
    LOG.warn("{} was asked for its state and {}: not again for {} min", name(peer), how, minutes);
    engine.accept(new Input.PeerDown(peer));
    drop.accept(peer, "its state is not what it claims");
  }

  private void failed(MeshException e) {
    LOG.warn("cannot take in another member's state ({}): {}", e.code(), e.getMessage());
    fault = Optional.of(e);
    endTaking();
  }

  private void endTaking() {
    agenda.cancel(Timer.TAKING);
    taking.ifPresent(now -> now.rebase().close());
    taking = Optional.empty();
  }

  private void asked(VerifyKey from, SnapshotAsk ask) {
    Bytes piece = Bytes.EMPTY;
    boolean last = false;
    try {
      if (ask.piece() == 0 && giving.map(now -> now.peer().equals(from)).orElse(true)) {
        endGiving();
        giving = mesh.snapshot().map(source -> new Giving(from, ask.id(), 0, source));
      }
      Optional<Giving> theirs =
          giving.filter(
              now -> now.peer().equals(from) && now.id() == ask.id() && now.piece() == ask.piece());
      if (theirs.isPresent()) {
        piece = theirs.get().source().next(MessageLimits.PART_BYTES_MAX);
        last = piece.size() < MessageLimits.PART_BYTES_MAX;
        giving = Optional.of(new Giving(from, ask.id(), ask.piece() + 1, theirs.get().source()));
        agenda.schedule(Timer.GIVING, agenda.nowMillis() + SILENCE_MILLIS, this::endGiving);
      }
      if (last) {
        endGiving();
      }
    } catch (MeshException e) {
      LOG.warn("cannot give the state to {} ({}): {}", name(from), e.code(), e.getMessage());
      endGiving();
      piece = Bytes.EMPTY;
      last = false;
    }
    say(from, new SnapshotTell(ask.id(), ask.piece(), last, piece));
  }

  private void endGiving() {
    agenda.cancel(Timer.GIVING);
    giving.ifPresent(now -> now.source().close());
    giving = Optional.empty();
  }

  /** The link to a peer is gone. */
  void gone(VerifyKey peer) {
    if (taking.filter(now -> now.peer().equals(peer)).isPresent()) {
      endTaking();
    }
    if (giving.filter(now -> now.peer().equals(peer)).isPresent()) {
      endGiving();
    }
  }

  /** Ends all. */
  void end() {
    endTaking();
    endGiving();
  }
}
