package sh.fazt.mesh.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Branches;
import sh.fazt.mesh.DeltaCursor;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.gossip.Broadcast;
import sh.fazt.mesh.gossip.GossipEngine;
import sh.fazt.mesh.gossip.Input;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.Output;
import sh.fazt.mesh.gossip.Report;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Between the gossip engine and the world: gives it what happens, performs what it decides.
 * Confined to the mesh thread.
 */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final Agenda agenda;
  private final Mesh mesh;
  private final GossipEngine engine;
  private final Reception links;
  private final DiskRoom room;
  private final Hooks hooks;
  private final Deque<Input> inputs = new ArrayDeque<>();
  private final Map<Cursor, DeltaCursor> cursors = new HashMap<>();

  /** The peers whose links were found full. */
  private final Set<VerifyKey> full = new HashSet<>();

  private Optional<Trouble> trouble = Optional.empty();
  private long refusedBytes;
  private boolean feeding;
  private boolean ended;

  /** Why the batches of that peer cannot be taken in just now. */
  private record Trouble(VerifyKey peer, MeshException fault) {}

  private record Cursor(VerifyKey peer, long want) {}

  /**
   * Whom to tell.
   *
   * @param report a fact that the engine noticed
   * @param settled that all inputs so far are dealt with
   * @param seek whom to call whenever they are not linked
   * @param drop a link that is to be closed, and why
   * @param rosterGrew that a peer told of an operation that was not known
   * @param forked that a site was found to have forked
   * @param received how many changes a peer's batches have brought
   * @param heard what another member's application says
   * @param stateHeard a question or answer about whole states, which the engine leaves to the node
   */
  record Hooks(
      Consumer<Report> report,
      Runnable settled,
      Consumer<Set<VerifyKey>> seek,
      BiConsumer<VerifyKey, String> drop,
      Runnable rosterGrew,
      Runnable forked,
      ObjLongConsumer<VerifyKey> received,
      Consumer<Broadcast.Content> heard,
      BiConsumer<VerifyKey, Message> stateHeard) {}

  Exchange(
      Agenda agenda, Mesh mesh, GossipEngine engine, Reception links, DiskRoom room, Hooks hooks) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.engine = engine;
    this.links = links;
    this.room = room;
    this.hooks = hooks;
  }

  /** Takes note of what happened and does what follows from it. */
  void feed(Input input) {
    if (ended) {
      return;
    }
    if (input instanceof Input.PeerWritable told) {
      full.remove(told.peer());
    } else if (input instanceof Input.PeerDown down) {
      full.remove(down.peer());
      trouble = trouble.filter(known -> !known.peer().equals(down.peer()));
    }
    inputs.add(input);
    if (feeding) {
      return;
    }
    feeding = true;
    try {
      while (!inputs.isEmpty()) {
        engine.on(inputs.remove(), agenda.nowMillis()).forEach(this::tryToPerform);
      }
    } finally {
      feeding = false;
    }
    hooks.settled().run();
  }

  /** Ignores whatever happens from now on. */
  void end() {
    ended = true;
  }

  /** What the world refuses must not keep the engine's other decisions from being carried out. */
  private void tryToPerform(Output output) {
    try {
      perform(output);
    } catch (MeshException e) {
      LOG.warn("left undone ({}): {}", e.code(), e.getMessage());
    }
  }

  private void perform(Output output) {
    if (output instanceof Output.Send send) {
      links.find(send.to()).ifPresent(link -> send(link, send.message()));
    } else if (output instanceof Output.Ingest ingest) {
      ingest(ingest);
    } else if (output instanceof Output.Prove prove) {
      prove(prove);
    } else if (output instanceof Output.Provide provide) {
      provide(provide);
    } else if (output instanceof Output.CloseProvided close) {
      cursors.remove(new Cursor(close.peer(), close.want()));
    } else if (output instanceof Output.Schedule schedule) {
      agenda.schedule(
          schedule.timer(),
          schedule.dueMillis(),
          () -> feed(new Input.TimerFired(schedule.timer())));
    } else if (output instanceof Output.MergeRoster merge) {
      merge(merge);
    } else if (output instanceof Output.Seek seek) {
      hooks.seek().accept(seek.members());
    } else if (output instanceof Output.StateHeard hear) {
      hooks.stateHeard().accept(hear.from(), hear.message());
    } else if (output instanceof Output.Drop drop) {
      hooks.drop().accept(drop.peer(), drop.reason());
    } else if (output instanceof Output.Hear hear) {
      hooks.heard().accept(hear.content());
    } else if (output instanceof Output.Tell tell) {
      hooks.report().accept(tell.report());
    } else {
      throw new AssertionError("unhandled " + output);
    }
  }

  private void send(MeshLink link, Message message) {
    link.send(MessageCodec.encode(message));
    // The link's own word comes by way of a thread that may be busy with what we sent: by then we
    // could have sent too much. That it takes more again is told by the link alone.
    if (!link.writable() && full.add(link.peer())) {
      inputs.add(new Input.PeerWritable(link.peer(), false));
    }
  }

  private void ingest(Output.Ingest ingest) {
    List<Output.Arrival> arrivals = ingest.arrivals();
    List<Input.Verdict> verdicts = new ArrayList<>();
    long rowsBefore = mesh.rowsReceived();
    try {
      if (mesh.isBehind()) {
        postpone(ingest, "local writes are taken in first");
        return;
      }
      while (verdicts.size() < arrivals.size()) {
        List<Output.Arrival> rest = arrivals.subList(verdicts.size(), arrivals.size());
        List<Bytes> envelopes = rest.stream().map(Output.Arrival::envelope).toList();
        requireRoom(envelopes);
        List<Ingested> results = mesh.ingest(envelopes);
        for (int i = 0; i < results.size(); i++) {
          verdicts.add(new Input.Verdict(rest.get(i).claimed(), results.get(i)));
        }
      }
      inputs.add(new Input.Judged(ingest.from(), verdicts));
      trouble = Optional.empty();
    } catch (MeshException e) {
      if (!trouble.map(known -> known.fault().code()).equals(Optional.of(e.code()))) {
        // Once: it is tried every few seconds, for as long as it lasts.
        LOG.warn("cannot take in a peer's batches just now ({}): {}", e.code(), e.getMessage());
      }
      trouble = Optional.of(new Trouble(ingest.from(), e));
      postpone(ingest, e.code() + ": " + e.getMessage());
    }
    mesh.branches().takeFound().forEach(this::close);
    long rows = mesh.rowsReceived() - rowsBefore;
    if (rows > 0) {
      hooks.received().accept(ingest.from(), rows);
    }
    List<SignedBatch> fresh = mesh.takeFresh();
    if (!fresh.isEmpty()) {
      inputs.addFirst(new Input.LocalBatches(fresh));
    }
  }

  private void prove(Output.Prove prove) {
    if (mesh.branches().prove(prove.one(), prove.other())) {
      mesh.branches().takeFound().forEach(this::close);
    } else {
      LOG.warn("a peer does not prove that there is a fork at {}", prove.claimed());
    }
  }

  /** Leaves batches for later, when they are asked for again. */
  private void postpone(Output.Ingest ingest, String why) {
    List<Dot> claimed = ingest.arrivals().stream().map(Output.Arrival::claimed).toList();
    inputs.add(new Input.Postponed(ingest.from(), claimed, why));
  }

  /** Tells the engine what is left of a forked site's chain. */
  void close(Branches.Trunk trunk) {
    inputs.add(new Input.Forked(trunk.site(), trunk.head(), trunk.limit()));
    hooks.forked().run();
  }

  /** Refuses what would leave the application too little of the disk. */
  void requireRoom(List<Bytes> envelopes) {
    long bytes = envelopes.stream().mapToLong(Bytes::size).sum();
    Optional<MeshException> shortage = room.shortage(bytes);
    refusedBytes = shortage.isPresent() ? bytes : 0;
    if (shortage.isPresent()) {
      throw shortage.get();
    }
  }

  /** Why a peer's batches cannot be taken in just now, or none could be for want of room. */
  Optional<MeshException> hindrance() {
    return room.shortage(refusedBytes).or(() -> trouble.map(Trouble::fault));
  }

  private void provide(Output.Provide provide) {
    Cursor key = new Cursor(provide.peer(), provide.want());
    DeltaCursor cursor = cursors.computeIfAbsent(key, made -> mesh.delta(provide.ranges()));
    List<SignedBatch> batches;
    try {
      batches = cursor.next(provide.bytesMax());
    } catch (MeshException e) {
      cursors.remove(key);
      giveUp(provide.peer(), e);
      return;
    }
    if (batches.isEmpty()) {
      cursors.remove(key);
    }
    // Later, not now: what the links say of their fullness must get in between.
    agenda.submit(() -> feed(new Input.Provided(provide.peer(), provide.want(), batches)));
  }

  private void merge(Output.MergeRoster merge) {
    try {
      if (mesh.membership().merge(merge.ops())) {
        // What this node has signed of its own accord is told to whom it heard from, too.
        boolean signed = mesh.membership().takeSigned();
        rosterChanged(signed ? Optional.empty() : Optional.of(merge.from()));
        hooks.rosterGrew().run();
      }
    } catch (MalformedException e) {
      giveUp(merge.from(), "its roster is malformed: " + e.getMessage());
    } catch (MeshException e) {
      giveUp(merge.from(), e);
    }
  }

  private void giveUp(VerifyKey peer, MeshException e) {
    LOG.warn("cannot serve a peer just now ({}): {}", e.code(), e.getMessage());
    giveUp(peer, "trouble of our own");
  }

  /** Parts from a peer on the node's own account; it will be called again. */
  private void giveUp(VerifyKey peer, String reason) {
    inputs.add(new Input.PeerDown(peer));
    hooks.drop().accept(peer, reason);
  }

  /** Tells the engine, and through it the peers, that the roster has grown. */
  void rosterChanged(Optional<VerifyKey> from) {
    feed(new Input.RosterChanged(mesh.membership().encodedOperations(), from));
    authorsChanged();
  }

  /** Tells the engine whose batches count. */
  void authorsChanged() {
    feed(new Input.AuthorsChanged(mesh.membership().roster().authors()));
  }

  GossipEngine engine() {
    return engine;
  }
}
