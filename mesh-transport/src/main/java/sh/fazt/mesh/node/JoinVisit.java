package sh.fazt.mesh.node;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.JoinComparison;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.roster.Admission;
import sh.fazt.mesh.roster.AdmissionClient;
import sh.fazt.mesh.roster.AdmissionMessage;
import sh.fazt.mesh.roster.Applicant;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.roster.Purpose;

/** The joiner's end of one link, from hello to the outcome. Called on the link's thread. */
final class JoinVisit implements LinkListener {
  private final InviteToken token;
  private final Purpose purpose;
  private final Applicant applicant;
  private final Optional<JoinComparison> comparison;
  private final Ambient ambient;
  private final CompletableFuture<Admission> outcome;
  private @Nullable AdmissionClient client;

  /**
   * @param comparison fed with the preview, if the purpose is one
   */
  JoinVisit(
      InviteToken token,
      Purpose purpose,
      Applicant applicant,
      Optional<JoinComparison> comparison,
      Ambient ambient,
      CompletableFuture<Admission> outcome) {
    this.token = token;
    this.purpose = purpose;
    this.applicant = applicant;
    this.comparison = comparison;
    this.ambient = ambient;
    this.outcome = outcome;
  }

  @Override
  public void opened(MeshLink link) {
    AdmissionClient made =
        new AdmissionClient(token, purpose, applicant, link.peer(), ambient.chance());
    client = made;
    link.send(made.hello().toFrame());
  }

  @Override
  public void frame(MeshLink link, Bytes frame) {
    AdmissionClient known = client;
    if (known == null) {
      return;
    }
    try {
      AdmissionMessage message = AdmissionMessage.decode(frame);
      if (message instanceof PreviewMessage preview && comparison.isPresent()) {
        comparison.get().on(preview);
      } else {
        known.on(message, ambient.now()).ifPresent(answer -> link.send(answer.toFrame()));
      }
      boolean shown = comparison.map(JoinComparison::complete).orElse(true);
      if (known.outcome().isPresent() && shown) {
        outcome.complete(known.outcome().get());
        link.close();
      }
    } catch (MalformedException | RuntimeException e) {
      outcome.completeExceptionally(e);
      link.close();
    }
  }

  @Override
  public void writabilityChanged(MeshLink link) {}

  @Override
  public void closed(MeshLink link, String reason) {
    outcome.completeExceptionally(
        new MeshException(
            ErrorCode.PEER_UNREACHABLE,
            "the link to " + link.address() + " broke off: " + reason,
            null));
  }
}
