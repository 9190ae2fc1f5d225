package sh.fazt.mesh.node;

import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.gossip.Report;
import sh.fazt.mesh.identity.VerifyKey;

/** Passes on what the gossip engine noticed: to the log, and to whom it concerns. Confined. */
final class Reporting {
  private static final Logger LOG = LoggerFactory.getLogger(Reporting.class);

  private final Mesh mesh;
  private final Caller caller;
  private final Runnable restored;
  private final BiConsumer<VerifyKey, Summary> rebase;

  /**
   * @param restored run when this database turned out to be an older copy
   * @param rebase told of who has what is lacking in its state alone, and up to where
   */
  Reporting(Mesh mesh, Caller caller, Runnable restored, BiConsumer<VerifyKey, Summary> rebase) {
    this.mesh = mesh;
    this.caller = caller;
    this.restored = restored;
    this.rebase = rebase;
  }

  void report(Report report) {
    if (report instanceof Report.Greeted greeted) {
      caller.told(greeted.peer(), greeted.hello().addresses());
      LOG.info("{} is here, version {}", name(greeted.peer()), greeted.hello().programVersion());
    } else if (report instanceof Report.Located located) {
      caller.located(located.member(), located.addresses());
    } else if (report instanceof Report.Acknowledged acknowledged) {
      mesh.acknowledging().hear(acknowledged.said());
    } else if (report instanceof Report.Trimmed trimmed) {
      rebase.accept(trimmed.peer(), trimmed.beyond());
    } else if (report instanceof Report.OwnPastLost lost) {
      LOG.warn(
          "this database is an older copy of itself, as {} has shown; it goes on as a new"
              + " incarnation",
          name(lost.peer()));
      restored.run();
    } else if (report instanceof Report.OwnPastUnproven unproven) {
      LOG.warn(
          "{} says that it holds batch {} of this node and does not show it",
          name(unproven.peer()),
          unproven.claimed().seq());
    } else if (report instanceof Report.Forked forked) {
      LOG.warn(
          "{} has signed twice, as what {} holds shows: its database was put back or copied",
          name(forked.dot().site().node()),
          name(forked.peer()));
    } else if (report instanceof Report.Left left) {
      LOG.info("{} says goodbye: {}", name(left.peer()), left.reason());
    } else if (report instanceof Report.Stalled stalled) {
      LOG.debug("nothing is asked for, for a while: {}", stalled.why());
    } else {
      LOG.warn("{}", report);
    }
  }

  private String name(VerifyKey node) {
    return Names.of(mesh, node);
  }
}
