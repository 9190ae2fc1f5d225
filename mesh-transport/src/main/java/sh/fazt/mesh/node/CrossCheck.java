package sh.fazt.mesh.node;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.node.VerifyReport.Outcome;
import sh.fazt.mesh.node.VerifyReport.PeerVerify;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.OtherMembers;
import sh.fazt.mesh.roster.Role;

/**
 * Has the state that a member gave compared with a second full member's, as soon as one is linked:
 * a snapshot is believed as its giver tells it. What differs is told of until it differs no more.
 * It changes nothing. Confined to the mesh thread.
 */
final class CrossCheck {
  /** Until the next look for somebody to compare with. */
  static final long LOOK_MILLIS = 5_000;

  /** Until the next comparison after one that did not come to agree. */
  static final long AGAIN_MILLIS = 600_000;

  private static final Logger LOG = LoggerFactory.getLogger(CrossCheck.class);

  private final Agenda agenda;
  private final Mesh mesh;
  private final Verifying.Reach reach;
  private final Function<Member, CompletableFuture<PeerVerify>> compare;
  private Optional<MeshException> fault = Optional.empty();

  /** The giver whose state is being compared. */
  private Optional<VerifyKey> underWay = Optional.empty();

  private enum Timer {
    LOOK
  }

  /**
   * @param compare compares this node's state with a member's
   */
  CrossCheck(
      Agenda agenda,
      Mesh mesh,
      Verifying.Reach reach,
      Function<Member, CompletableFuture<PeerVerify>> compare) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.reach = reach;
    this.compare = compare;
  }

  /** What another member holds otherwise than the one whose state was taken in. */
  Optional<MeshException> hindrance() {
    return fault;
  }

  /** Looks whether there is a state to compare, and somebody to compare it with. */
  void look() {
    Optional<VerifyKey> giver = mesh.unconfirmed().giver();
    if (giver.isEmpty() || underWay.isPresent()) {
      return;
    }
    Optional<Member> second = second(giver.get());
    if (second.isEmpty()) {
      again(LOOK_MILLIS);
      return;
    }
    underWay = giver;
    agenda.cancel(Timer.LOOK);
    try {
      compare
          .apply(second.get())
          .thenAccept(report -> agenda.submit(() -> compared(giver.get(), report)));
    } catch (MeshException e) {
      LOG.debug("cannot compare states just now ({}): {}", e.code(), e.getMessage());
      underWay = Optional.empty();
      again(AGAIN_MILLIS);
    }
  }

  private void again(long millis) {
    agenda.schedule(Timer.LOOK, agenda.nowMillis() + millis, this::look);
  }

  private Optional<Member> second(VerifyKey giver) {
    VerifyKey self = mesh.nodeKey().verifyKey();
    return OtherMembers.of(mesh.membership().roster(), self).stream()
        .filter(member -> member.role() == Role.FULL && !member.node().equals(giver))
        .filter(member -> reach.isLinked(member.node()))
        .findFirst();
  }

  private void compared(VerifyKey giver, PeerVerify report) {
    underWay = Optional.empty();
    boolean same = report.outcome() == Outcome.EQUAL;
    if (!mesh.unconfirmed().giver().equals(Optional.of(giver))) {
      // Another one's state was taken in meanwhile.
      look();
    } else if (same || report.outcome() == Outcome.TOO_LARGE) {
      String how = same ? "is the same as that of" : "has too many rows to compare with";
      LOG.info("the state that {} gave {} {}", Names.of(mesh, giver), how, report.name());
      fault = Optional.empty();
      mesh.unconfirmed().confirm();
    } else {
      if (report.outcome() == Outcome.DIFFERENT) {
        differs(giver, report);
      }
      again(report.outcome() == Outcome.OFFLINE ? LOOK_MILLIS : AGAIN_MILLIS);
    }
  }

  private void differs(VerifyKey giver, PeerVerify report) {
    String whose =
        "what this node took from "
            + Names.of(mesh, giver)
            + " is not what "
            + report.name()
            + " holds";
    List<String> tables =
        report.differences().stream()
            .filter(table -> table.differing() > 0)
            .map(table -> inWords(table.differing(), table.table(), table.keys()))
            .toList();
    String rows =
        tables.isEmpty() ? "rows that cannot be named" : "rows " + String.join(", ", tables);
    String message =
        whose
            + ": "
            + rows
            + "; the batches that would prove them are gone, so a person must say which are right,"
            + " and write these again";
    // Keys of rows are the application's, and stay out of the log.
    LOG.warn("{}; fazt mesh status says which rows", whose);
    fault = Optional.of(new MeshException(ErrorCode.STATES_DIFFER, message, "fazt mesh verify"));
  }

  private static String inWords(long rows, String table, List<String> keys) {
    return rows + " of " + table + " (" + String.join(", ", keys) + ")";
  }
}
