package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import sh.fazt.mesh.BundleExport;
import sh.fazt.mesh.BundleImport;
import sh.fazt.mesh.MassDeletes;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.MeshSetup;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.roster.InviteId;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.roster.SignedOp;

/**
 * A node that runs: it keeps its database in sync with the other members' by itself, until it is
 * closed. Programs go on reading and writing the file as ever.
 *
 * <p>Thread-safe. What may take long returns a future; futures complete, and listeners are called,
 * on the mesh thread, where nothing may block and no method that waits may be called: {@link
 * #status}, {@link #peers}, {@link #invite}, {@link #revoke}, {@link #revokeLatest}, {@link
 * #remove}, {@link #changeRole}, {@link #track}, {@link #merge}, {@link #untrack}, {@link
 * #allowDeletes}, {@link #undoDeletes}, {@link #restamp}, {@link #exportBundle}, {@link
 * #importBundle} and {@link #close}. Every method throws, or its future fails with, a {@link
 * MeshException} for what a person should hear of, and an {@link IllegalStateException} once the
 * node has stopped.
 */
public final class MeshNode implements AutoCloseable {
  /** How long an invitation is good for if nobody says. */
  public static final Duration INVITE_TTL = Duration.ofMinutes(15);

  private final NodeConfig config;
  private final Listeners listeners = new Listeners();
  private final long startedMillis;
  private final NodeLife life;

  private MeshNode(NodeConfig config) {
    this.config = config;
    this.startedMillis = config.ambient().now();
    this.life = new NodeLife(config, listeners, startedMillis);
  }

  /**
   * Opens the database and begins to sync, listening where init or join was told, else on all
   * addresses, port 8443.
   *
   * @param database part of a mesh, and open in no other node
   * @throws MeshException NO_DATABASE, NOT_A_DATABASE, NOT_INITIALIZED, KEYS_MISSING, ALREADY_OPEN,
   *     PORT_IN_USE
   */
  public static MeshNode start(Path database) {
    return start(NodeConfig.of(database));
  }

  /** As {@link #start(Path)}, with more said. */
  public static MeshNode start(NodeConfig config) {
    return new MeshNode(config);
  }

  /** Where this node listens, {@code HOST:PORT}, with the port that it really has. */
  public String listening() {
    return life.address().toString();
  }

  /** This node as it is now. */
  public NodeStatus status() {
    return life.get(core -> StatusBoard.of(core, config, startedMillis, listening()));
  }

  /** How this node shows itself on local networks, and whom it finds there. */
  public NodeBeacon beacon() {
    return new NodeBeacon(life);
  }

  /** The other members, seniors first. */
  public List<PeerStatus> peers() {
    return status().peers();
  }

  /**
   * Compares with all members now. Completes when this node and all that can be reached hold the
   * same, or when time is over; that a peer is away is no failure.
   */
  public CompletableFuture<SyncReport> sync(Duration timeout) {
    return sync(timeout, 0);
  }

  /**
   * Compares with all members now, until so many of them hold all that this node holds.
   *
   * @param holders how many; 0 for all that can be reached
   */
  public CompletableFuture<SyncReport> sync(Duration timeout, int holders) {
    return sync(core -> core.roster().others(), timeout, holders);
  }

  /**
   * Compares with one member now.
   *
   * @param peer its name or id
   * @param holders 0 to wait for it while it can be reached, 1 to wait for it even while it is away
   * @throws MeshException PEER_UNKNOWN, through the future
   */
  public CompletableFuture<SyncReport> sync(String peer, Duration timeout, int holders) {
    return sync(core -> List.of(core.roster().named(peer)), timeout, holders);
  }

  private CompletableFuture<SyncReport> sync(
      Function<NodeCore, List<Member>> peers, Duration timeout, int holders) {
    return life.ask(core -> core.syncing().sync(peers.apply(core), holders, timeout.toMillis()))
        .thenCompose(answer -> answer);
  }

  /**
   * Compares this node's whole state, row by row, with that of every member; one after the other,
   * as far as they can be reached.
   *
   * @param mend whether rows that are damaged here are to be shown again as the signed batches of
   *     this node's change log have them; nothing is taken over from a peer
   * @param timeout for each, as long as the two do not hold the same
   * @throws MeshException TOO_MANY, through the future, if 64 comparisons are under way
   */
  public CompletableFuture<VerifyReport> verify(boolean mend, Duration timeout) {
    return new VerifyRound(life, mend, timeout).of(core -> core.roster().others());
  }

  /**
   * As {@link #verify(boolean, Duration)}, with one member.
   *
   * @throws MeshException PEER_UNKNOWN, through the future
   */
  public CompletableFuture<VerifyReport> verify(String peer, boolean mend, Duration timeout) {
    return new VerifyRound(life, mend, timeout).of(core -> List.of(core.roster().named(peer)));
  }

  /** As {@link #invite(Persona, Duration)}, good for {@link #INVITE_TTL}. */
  public InviteCode invite(Persona persona) {
    return invite(persona, INVITE_TTL);
  }

  /**
   * Invites one more node, which must find this one running when it joins.
   *
   * @param persona owner of a full member, such as this node
   * @param ttl how long the invitation is good for
   * @throws MeshException NOT_A_MEMBER if the persona owns no full member; TABLE_UNSUPPORTED if no
   *     joiner can be told of a table, for its text is too long
   */
  public InviteCode invite(Persona persona, Duration ttl) {
    return invite(persona, ttl, Role.FULL);
  }

  /** As {@link #invite(Persona, Duration)}, to a role that may do less. */
  public InviteCode invite(Persona persona, Duration ttl, Role role) {
    return life.get(
        core ->
            core.roster()
                .invite(persona.key(), ttl.toMillis(), role, Whereabouts.of(life.address())));
  }

  /**
   * Takes an invitation back.
   *
   * @param persona who made it
   * @throws MeshException TOKEN_UNKNOWN if it is not open
   */
  public void revoke(InviteId invite, Persona persona) {
    life.run(core -> core.roster().revoke(invite, persona.key()));
  }

  /**
   * Takes the latest open invitation back.
   *
   * @return which one that was
   * @throws MeshException TOKEN_UNKNOWN if none is open
   */
  public InviteId revokeLatest(Persona persona) {
    return life.get(core -> core.roster().revokeLatest(persona.key()));
  }

  /**
   * Removes a member for good. Those that are linked part from it at once; the others do when they
   * hear of it.
   *
   * @param peer its name or id
   * @param persona owner of another full member, such as this node
   * @throws MeshException PEER_UNKNOWN, or NOT_A_MEMBER if the persona owns no other full member
   */
  public void remove(String peer, Persona persona) {
    life.run(core -> core.roster().remove(peer, persona.key()));
  }

  /**
   * Gives a member another role.
   *
   * @param peer its name or id
   * @param persona owner of another full member, such as this node
   * @throws MeshException PEER_UNKNOWN, or NOT_A_MEMBER if the persona owns no other full member
   */
  public void changeRole(String peer, Role role, Persona persona) {
    life.run(core -> core.roster().changeRole(peer, role, persona.key()));
  }

  /**
   * Takes in the replacement of a persona's key, and tells the other members.
   *
   * @param rotation as {@link sh.fazt.mesh.Recovery#sign} has made it
   * @throws MeshException PHRASE_UNKNOWN if it has no effect
   */
  public void rotate(SignedOp rotation) {
    life.run(core -> core.roster().rotate(rotation));
  }

  /**
   * Begins to replicate tables, with the rows that they have.
   *
   * @throws MeshException TABLE_UNKNOWN, TABLE_WITHOUT_KEY, TABLE_UNSUPPORTED, or TABLE_PRIVATE for
   *     one that holds secrets; then none of them does
   */
  public void track(String... tables) {
    get(
        mesh -> {
          mesh.track(named(tables), false);
          return true;
        });
  }

  /**
   * Has columns of a table merge so from now on, on all nodes once they have heard of it.
   *
   * @param words the word for its type, such as {@code counter}, by the name of the column; {@code
   *     lww} for the last write to win again
   * @throws MeshException TABLE_UNKNOWN, COLUMN_UNKNOWN, USAGE or NOT_A_MEMBER; then nothing has
   *     changed
   */
  public void merge(String table, Map<String, String> words) {
    life.run(core -> core.roster().merge(table, words));
  }

  private static Set<String> named(String... tables) {
    return Set.copyOf(List.of(tables));
  }

  /** Ends the replication of tables here; their rows stay, here and elsewhere. */
  public void untrack(String... tables) {
    get(
        mesh -> {
          mesh.untrack(named(tables));
          return true;
        });
  }

  /**
   * Lets mass deletes pass that wait: those made here go to the others, those of others are
   * applied.
   *
   * @param tables whose; of all if none is named
   * @throws MeshException TABLE_UNKNOWN if nothing waits of a table that was named
   */
  public MassDeletes.Decision allowDeletes(String... tables) {
    return get(mesh -> mesh.massDeletes().allow(named(tables)));
  }

  /** Takes mass deletes back that wait, so that the rows stay or return; otherwise the same. */
  public MassDeletes.Decision undoDeletes(String... tables) {
    return get(mesh -> mesh.massDeletes().undo(named(tables)));
  }

  /**
   * Signs again, with the time of now, what was written here while this machine's clock was ahead,
   * and goes on as the node's next incarnation. Until then others wait with it for its time.
   *
   * @return how many rows are concerned; 0 if nothing is ahead
   * @throws MeshException PEER_UNREACHABLE if there is no peer to compare the clocks with,
   *     CLOCK_SKEW if they differ
   */
  public long restamp() {
    return life.get(NodeCore::restamp);
  }

  /**
   * Runs {@code work} on the mesh thread, then takes in what it changed.
   *
   * @param work must neither block nor keep the {@link Mesh}
   */
  public <T> CompletableFuture<T> ask(Function<Mesh, T> work) {
    return life.ask(
        core -> {
          T result = work.apply(core.mesh());
          core.harvesting().harvest();
          return result;
        });
  }

  private <T> T get(Function<Mesh, T> work) {
    return NodeLife.await(ask(work));
  }

  /**
   * Writes all that this node holds to a file, for a node that no link reaches. It blocks.
   *
   * @param peer leaves out what the member of that name or id is known to have
   * @param replace whether a file that is there may go
   * @throws MeshException PEER_UNKNOWN, FILE_EXISTS, or what the disk refuses
   */
  public BundleExport.Written exportBundle(Path file, Optional<String> peer, boolean replace) {
    return new BundleDesk(life, config.database()).export(file, peer, replace);
  }

  /**
   * Takes in what another node has exported, as if it came over a link. It blocks.
   *
   * @param progress told how many batches are dealt with
   * @throws MeshException NOT_A_BUNDLE, VERSION_MISMATCH, OTHER_MESH, BUNDLE_DAMAGED,
   *     BUNDLE_REFUSED, and nothing was taken in; or what the database refuses
   */
  public BundleImport.Taken importBundle(Path file, LongConsumer progress) {
    return new BundleDesk(life, config.database()).take(file, progress);
  }

  /**
   * What leaving came to.
   *
   * @param announcedTo how many peers were told
   * @param unsent what no peer has: batches where one was reached, else changes
   */
  public record LeaveReport(int announcedTo, long unsent) {}

  /**
   * Sends what is unsent, tells the others, stops, and makes the database an ordinary one again.
   * The application's rows stay.
   *
   * @param flush how long to wait for peers to have all
   */
  public CompletableFuture<LeaveReport> leave(Duration flush) {
    return sync(flush)
        .thenCompose(report -> life.ask(core -> leave(core, report)))
        .thenApplyAsync(
            report -> {
              close();
              MeshSetup.dismantle(config.database());
              return report;
            });
  }

  private static LeaveReport leave(NodeCore core, SyncReport report) {
    long unsent =
        report.peers().stream()
            .filter(SyncReport.PeerSync::isReached)
            .mapToLong(SyncReport.PeerSync::queued)
            .min()
            .orElseGet(() -> core.mesh().view().unsent());
    int told = core.reception().all().size();
    core.leave();
    return new LeaveReport(told, unsent);
  }

  /**
   * Tells {@code listener} of what happens, on the mesh thread, until the result is closed.
   *
   * @param listener must not block and must not throw
   */
  public Subscription events(Consumer<NodeEvent> listener) {
    return listeners.events(listener);
  }

  /** As {@link #broadcast(Bytes)}, with the text as UTF-8. */
  public CompletableFuture<Integer> broadcast(String text) {
    return broadcast(Bytes.utf8(text));
  }

  /**
   * Says something to the applications of all other members that can be reached now, also through
   * others. It is signed and stored nowhere: who is away does not hear it.
   *
   * @param payload at most 16 KiB of any kind
   * @return how many peers are connected
   * @throws MeshException TOO_LARGE, TOO_MANY, through the future
   */
  public CompletableFuture<Integer> broadcast(Bytes payload) {
    return life.ask(core -> core.broadcast(payload));
  }

  /**
   * Tells {@code listener} of what other members' applications broadcast, each once, those of one
   * node in the order in which it sent them, on the mesh thread, until the result is closed.
   *
   * @param listener must not block and must not throw
   */
  public Subscription messages(Consumer<NodeMessage> listener) {
    return listeners.messages(listener);
  }

  /** Closing it ends what it stands for; closing twice is harmless. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /** Completes if the node can no longer go on, with the reason; it must be closed then. */
  public CompletableFuture<Throwable> failure() {
    return life.failure();
  }

  /** Says goodbye to the peers and stops; waits for both. Calling again does nothing. */
  @Override
  public void close() {
    life.close();
  }
}
