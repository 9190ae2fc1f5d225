package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.JoinComparison;
import sh.fazt.mesh.MeshSetup;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.netty.LinkLimits;
import sh.fazt.mesh.netty.Links;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.netty.TlsIdentity;
import sh.fazt.mesh.roster.Admission;
import sh.fazt.mesh.roster.Applicant;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.roster.Purpose;
import sh.fazt.mesh.store.KeyFolder;

/**
 * Makes a database a member of a mesh that it was invited to. A look at what would happen spends
 * nothing and changes nothing. What is not said has a default. Confined to one thread, which it
 * blocks.
 */
public final class Joiner {
  private static final long PATIENCE_MINUTES = 10;

  private final Path database;
  private final InviteCode invite;
  private final Persona persona;
  private String nodeName;
  private Set<String> only = Set.of();
  private Optional<String> listen = Optional.empty();
  private Ambient ambient = Ambient.system();
  private Optional<List<PreviewMessage.TableText>> texts = Optional.empty();

  private Joiner(Path database, InviteCode invite, Persona persona) {
    this.database = database;
    this.invite = invite;
    this.persona = persona;
    this.nodeName = MeshSetup.nodeName(database);
  }

  /**
   * A join that was not begun.
   *
   * @param database need not exist: an absent or empty one gets the inviter's tables
   * @param persona who will own the node
   */
  public static Joiner of(Path database, InviteCode invite, Persona persona) {
    return new Joiner(database, invite, persona);
  }

  /** Calls the node so; otherwise it is called like the file. */
  public Joiner named(String name) {
    nodeName = name;
    return this;
  }

  /** Replicates these tables alone; otherwise all that the inviter offers. */
  public Joiner replicating(Set<String> tables) {
    only = Set.copyOf(tables);
    return this;
  }

  /** Has the node listen there, {@code HOST:PORT}; otherwise on all addresses, port 8443. */
  public Joiner listeningOn(String address) {
    listen = Optional.of(address);
    return this;
  }

  /** Takes time and chance from there. */
  public Joiner with(Ambient world) {
    ambient = world;
    return this;
  }

  /** Tells how the inviter's tables are made, as a preview did, which spares asking again. */
  public Joiner knowing(List<PreviewMessage.TableText> tables) {
    texts = Optional.of(List.copyOf(tables));
    return this;
  }

  /**
   * Both sides of a join, compared.
   *
   * @param inviter the node that was asked
   * @param tables one line a table that the inviter has
   * @param texts how the inviter's tables are made
   * @param clockAheadMillis the inviter's clock less ours
   */
  public record Preview(
      Member inviter,
      List<JoinComparison.Table> tables,
      List<PreviewMessage.TableText> texts,
      long clockAheadMillis) {
    public Preview {
      tables = List.copyOf(tables);
      texts = List.copyOf(texts);
    }
  }

  /** A membership that was just granted. */
  public record Report(NodeId node, Member inviter) {}

  /**
   * Compares with the inviter; the invitation stays unspent and nothing changes here.
   *
   * @throws MeshException ALREADY_INITIALIZED, NOT_A_DATABASE, PEER_UNREACHABLE, PEER_KEY_MISMATCH,
   *     TOKEN_UNKNOWN, TOKEN_EXPIRED, VERSION_MISMATCH, or TOO_MANY if many join there just now
   */
  public Preview preview() {
    MeshSetup.requireJoinable(database);
    SigningKey node =
        KeyFolder.of(database).nodeKey().orElseGet(() -> SigningKey.generate(ambient.chance()));
    Preview preview = visitAny(server -> preview(server, node));
    texts = Optional.of(preview.texts());
    return preview;
  }

  private Preview preview(ListenAddress server, SigningKey node) {
    try (JoinComparison comparison = JoinComparison.with(database)) {
      Admission admission = visit(server, node, Purpose.PREVIEW, Optional.of(comparison));
      return new Preview(
          admission.inviter(),
          comparison.result(),
          comparison.tableTexts(),
          admission.clockAheadMillis());
    }
  }

  /**
   * Spends the invitation and makes the database a member; a node started on it fetches what is
   * missing. Breaking off and calling again with the same invitation is harmless.
   *
   * @throws MeshException as {@link #preview}
   */
  public Report join() {
    List<PreviewMessage.TableText> tables = texts.orElseGet(() -> preview().texts());
    MeshSetup.requireJoinable(database);
    SigningKey node = MeshSetup.nodeKey(database, ambient);
    return visitAny(server -> join(server, node, tables));
  }

  private Report join(
      ListenAddress server, SigningKey node, List<PreviewMessage.TableText> tables) {
    Admission admission = visit(server, node, Purpose.JOIN, Optional.empty());
    MeshSetup.JoinWish wish = new MeshSetup.JoinWish(nodeName, listen, only);
    MeshSetup.join(database, admission, tables, wish, server.toString(), ambient);
    return new Report(NodeId.of(node.verifyKey()), admission.inviter());
  }

  private interface Errand<T> {
    T at(ListenAddress server);
  }

  /** Goes to one address of the inviter after the other, until it is met. */
  private <T> T visitAny(Errand<T> errand) {
    List<ListenAddress> servers = invite.urls().stream().map(ListenAddress::ofUrl).toList();
    for (ListenAddress server : servers.subList(0, servers.size() - 1)) {
      try {
        return errand.at(server);
      } catch (MeshException e) {
        if (e.code() != ErrorCode.PEER_UNREACHABLE && e.code() != ErrorCode.PEER_KEY_MISMATCH) {
          throw e;
        }
      }
    }
    return errand.at(servers.get(servers.size() - 1));
  }

  private Admission visit(
      ListenAddress server, SigningKey node, Purpose purpose, Optional<JoinComparison> comparison) {
    Applicant applicant =
        Applicant.certified(node.verifyKey(), nodeName, persona.key(), persona.name());
    CompletableFuture<Admission> outcome = new CompletableFuture<>();
    JoinVisit visit =
        new JoinVisit(invite.token(), purpose, applicant, comparison, ambient, outcome);
    try (Links links =
        new Links(TlsIdentity.create(node), LinkLimits.DEFAULT, NodeConfig.VERSION)) {
      links
          .connect(server.host(), server.port(), Optional.of(invite.token().server()), visit)
          .exceptionally(
              failure -> {
                outcome.completeExceptionally(failure);
                throw new CompletionException(failure);
              });
      return outcome.orTimeout(PATIENCE_MINUTES, TimeUnit.MINUTES).join();
    } catch (CompletionException e) {
      throw fault(server, e);
    }
  }

  private static MeshException fault(ListenAddress server, CompletionException e) {
    Throwable cause = e.getCause();
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof MeshException fault) {
      return fault;
    }
    return new MeshException(
        ErrorCode.PEER_UNREACHABLE,
        server + " did not answer as a mesh node would: " + cause,
        null,
        e);
  }
}
