package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.JoinComparison;
import sh.fazt.mesh.MeshSetup;
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
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.roster.Purpose;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.PersonaFile.Persona;

/**
 * Makes a database a member of a mesh that it was invited to: first a look at what would happen,
 * which spends nothing and changes nothing, then the join. Blocks its caller; confined to one
 * thread.
 */
public final class Joiner {
  private static final long PATIENCE_MINUTES = 10;

  private final Path database;
  private final ListenAddress server;
  private final InviteToken token;
  private final Persona persona;
  private final String nodeName;
  private final Ambient ambient;

  /**
   * @param database need not exist
   * @param server where the inviter answers
   */
  public Joiner(
      Path database,
      ListenAddress server,
      InviteToken token,
      Persona persona,
      String nodeName,
      Ambient ambient) {
    this.database = database;
    this.server = server;
    this.token = token;
    this.persona = persona;
    this.nodeName = nodeName;
    this.ambient = ambient;
  }

  /**
   * Both sides of a join, compared.
   *
   * @param inviter the node that was asked
   * @param tables one line a table that the inviter has
   * @param texts how the inviter's tables are made
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
   *     TOKEN_UNKNOWN, TOKEN_EXPIRED, VERSION_MISMATCH
   */
  public Preview preview() {
    MeshSetup.requireJoinable(database);
    SigningKey node =
        KeyFolder.of(database).nodeKey().orElseGet(() -> SigningKey.generate(ambient.chance()));
    try (JoinComparison comparison = JoinComparison.with(database)) {
      Admission admission = visit(node, Purpose.PREVIEW, Optional.of(comparison));
      return new Preview(
          admission.inviter(),
          comparison.result(),
          comparison.tableTexts(),
          admission.clockAheadMillis());
    }
  }

  /**
   * Spends the invitation and makes the database a member; a node started on it fetches what is
   * missing. Breaking off and calling again with the same token is harmless.
   *
   * @param tables how the inviter's tables are made, from {@link #preview}
   * @throws MeshException as {@link #preview}
   */
  public Report join(List<PreviewMessage.TableText> tables, MeshSetup.JoinWish wish) {
    MeshSetup.requireJoinable(database);
    SigningKey node = MeshSetup.nodeKey(database, ambient);
    Admission admission = visit(node, Purpose.JOIN, Optional.empty());
    MeshSetup.join(database, admission, tables, wish, server.toString(), ambient);
    return new Report(NodeId.of(node.verifyKey()), admission.inviter());
  }

  private Admission visit(SigningKey node, Purpose purpose, Optional<JoinComparison> comparison) {
    Applicant applicant =
        Applicant.certified(node.verifyKey(), nodeName, persona.key(), persona.name());
    CompletableFuture<Admission> outcome = new CompletableFuture<>();
    JoinVisit visit = new JoinVisit(token, purpose, applicant, comparison, ambient, outcome);
    try (Links links =
        new Links(TlsIdentity.create(node), LinkLimits.DEFAULT, NodeConfig.VERSION)) {
      links
          .connect(server.host(), server.port(), Optional.of(token.server()), visit)
          .exceptionally(
              failure -> {
                outcome.completeExceptionally(failure);
                throw new CompletionException(failure);
              });
      return outcome.orTimeout(PATIENCE_MINUTES, TimeUnit.MINUTES).join();
    } catch (CompletionException e) {
      throw fault(e);
    }
  }

  private MeshException fault(CompletionException e) {
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
