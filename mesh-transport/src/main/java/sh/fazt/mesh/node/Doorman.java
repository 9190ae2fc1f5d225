package sh.fazt.mesh.node;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Membership;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.PreviewSource;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.AdmissionMessage;
import sh.fazt.mesh.roster.AdmissionServer;
import sh.fazt.mesh.roster.AdmissionStep;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.roster.RosterLimits;

/** Answers those who ask to be admitted. Confined to the mesh thread. */
final class Doorman {
  private static final Logger LOG = LoggerFactory.getLogger(Doorman.class);
  private static final String UNTELLABLE =
      "the inviting node cannot tell how one of its tables is made; there, fazt mesh invite says"
          + " which";
  private static final String CROWDED =
      "the inviting node admits " + RosterLimits.ADMISSIONS_MAX + " others just now";

  private final Agenda agenda;
  private final Mesh mesh;
  private final Consumer<VerifyKey> admitted;
  private final Map<MeshLink, Visit> visits = new HashMap<>();

  /**
   * @param admitted told of each new member, once it is one
   */
  Doorman(Agenda agenda, Mesh mesh, Consumer<VerifyKey> admitted) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.admitted = admitted;
  }

  private static final class Visit {
    final AdmissionServer admission;
    Optional<PreviewSource> preview = Optional.empty();

    Visit(AdmissionServer admission) {
      this.admission = admission;
    }
  }

  static boolean isAdmission(Bytes frame) {
    int type = frame.at(0);
    return type >= AdmissionMessage.TYPE_MIN && type <= AdmissionMessage.TYPE_MAX;
  }

  boolean knows(MeshLink link) {
    return visits.containsKey(link);
  }

  /** Takes in a frame of an admission. */
  void frame(MeshLink link, Bytes frame) {
    Visit visit = visits.get(link);
    if (visit == null) {
      if (visits.size() >= RosterLimits.ADMISSIONS_MAX) {
        LOG.info("{} was turned away: {}", link.address(), CROWDED);
        refuse(link, ErrorCode.TOO_MANY, CROWDED);
        return;
      }
      visit =
          new Visit(
              new AdmissionServer(
                  mesh.nodeKey(),
                  link.peer(),
                  mesh.membership().invites(),
                  mesh.ambient().chance()));
      visits.put(link, visit);
      agenda.schedule(link, agenda.nowMillis() + RosterLimits.ADMISSION_MILLIS, link::close);
    }
    try {
      AdmissionMessage message = AdmissionMessage.decode(frame);
      Membership membership = mesh.membership();
      for (AdmissionStep step :
          visit.admission.on(message, membership.roster(), mesh.ambient().now())) {
        perform(link, visit, step);
      }
    } catch (MalformedException e) {
      LOG.info("admission of {} broken off: {}", link.address(), e.getMessage());
      link.close();
    }
  }

  private void perform(MeshLink link, Visit visit, AdmissionStep step) {
    if (step instanceof AdmissionStep.Reply reply) {
      link.send(reply.message().toFrame());
    } else if (step instanceof AdmissionStep.Admit admit) {
      mesh.membership().add(admit.add());
      admitted.accept(link.peer());
    } else if (step instanceof AdmissionStep.Show) {
      // A long preview takes its time; the link's own limits watch over it.
      agenda.cancel(link);
      visit.preview = preview(link);
      show(link);
    } else if (step instanceof AdmissionStep.Close) {
      link.close();
    } else {
      throw new AssertionError("unhandled " + step);
    }
  }

  /** What to show; refuses, and tells the owner why, where that cannot be told. */
  private Optional<PreviewSource> preview(MeshLink link) {
    try {
      return Optional.of(mesh.preview());
    } catch (MeshException e) {
      LOG.warn("{} was turned away ({}): {}", link.address(), e.code(), e.getMessage());
      refuse(link, ErrorCode.FAILURE, UNTELLABLE);
      return Optional.empty();
    }
  }

  private void refuse(MeshLink link, ErrorCode code, String why) {
    link.send(new AdmissionMessage.Refused(code, why, mesh.ambient().now()).toFrame());
    link.close();
  }

  /** Goes on with a preview while the link takes more. */
  void show(MeshLink link) {
    Visit visit = visits.get(link);
    if (visit == null || visit.preview.isEmpty()) {
      return;
    }
    if (link.writable()) {
      Optional<PreviewMessage> next = visit.preview.get().next();
      next.ifPresent(message -> link.send(message.toFrame()));
      if (next.isEmpty()) {
        visit.preview = Optional.empty();
      } else {
        // One message a turn, so that the mesh's own work is not kept waiting.
        agenda.submit(() -> show(link));
      }
    }
  }

  /** Turns away all who are being admitted; they may come again. */
  void close() {
    visits.keySet().forEach(MeshLink::close);
  }

  void closed(MeshLink link) {
    visits.remove(link);
    agenda.cancel(link);
  }
}
