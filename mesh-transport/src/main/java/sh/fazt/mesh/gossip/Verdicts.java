package sh.fazt.mesh.gossip;

import java.util.List;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.wire.SignedBatch;

/** Draws the consequences of what became of the batches that peers sent. */
final class Verdicts {
  private final Peers peers;
  private final OwnLog log;
  private final Receipt receipt;
  private final Pulls pulls;
  private final Announcer announcer;
  private final Sightings sightings;
  private final OwnPast ownPast;
  private final ForkSearch forks;
  private final RosterSync rosters;

  Verdicts(
      Peers peers,
      OwnLog log,
      Receipt receipt,
      Pulls pulls,
      Announcer announcer,
      Sightings sightings,
      OwnPast ownPast,
      ForkSearch forks,
      RosterSync rosters) {
    this.peers = peers;
    this.log = log;
    this.receipt = receipt;
    this.pulls = pulls;
    this.announcer = announcer;
    this.sightings = sightings;
    this.ownPast = ownPast;
    this.forks = forks;
    this.rosters = rosters;
  }

  void judged(Turn turn, Input.Judged judged) {
    PeerState from = peers.of(judged.from());
    for (Input.Verdict verdict : judged.verdicts()) {
      judge(turn, from, receipt.end(turn, from, verdict.claimed()), verdict.ingested());
    }
    sightings.level(turn, from);
  }

  /** Batches of others that the log holds and the engine has not heard of. */
  void brought(Turn turn, List<SignedBatch> batches) {
    for (SignedBatch batch : batches) {
      Dot dot = batch.dot();
      if (dot.seq() == log.seq(dot.site()) + 1 && dot.seq() <= log.limit(dot.site())) {
        announcer.local(turn, List.of(batch));
        pulls.delivered(dot.site());
        receipt.retry(turn, dot);
      }
    }
  }

  /** The log holds what it holds by a snapshot; what waited for a part of that goes on. */
  void rebased(Turn turn, Summary summary) {
    log.jump(summary);
    summary.heads().forEach((site, head) -> receipt.retry(turn, new Dot(site, head.seq())));
  }

  void postponed(Turn turn, Input.Postponed postponed) {
    PeerState from = peers.of(postponed.from());
    for (Dot claimed : postponed.claimed()) {
      receipt.end(turn, from, claimed);
      pulls.notice(turn, claimed.site());
      if (ownPast.isOurs(claimed.site())) {
        ownPast.postponed(from, claimed);
      }
    }
    pulls.pause(turn);
    turn.tell(new Report.Stalled(postponed.why()));
  }

  private void judge(Turn turn, PeerState from, Arrival arrival, Ingested result) {
    if (result instanceof Ingested.Delivered delivered) {
      delivered(turn, from, arrival, delivered);
    } else if (result instanceof Ingested.Duplicate duplicate) {
      duplicate(turn, from, arrival, duplicate);
    } else if (result instanceof Ingested.Missing missing) {
      receipt.missing(turn, arrival, missing.needed());
    } else if (result instanceof Ingested.Forked forked) {
      forks.other(turn, from, forked.dot(), forked.parts());
    } else if (result instanceof Ingested.OwnPast own) {
      ownPast.proven(turn, from, own.dot());
    } else if (result instanceof Ingested.UnknownAuthor || result instanceof Ingested.Retired) {
      pulls.rest(turn, arrival.dot().site());
      rosters.compare(turn, from);
    } else if (result instanceof Ingested.Refused refused) {
      pulls.notice(turn, arrival.dot().site());
      turn.punish(from, refused.why());
    } else {
      throw new AssertionError("unhandled " + result);
    }
  }

  /** The log may hold more than the engine was told of, as when its word was lost on the way. */
  private void duplicate(Turn turn, PeerState from, Arrival arrival, Ingested.Duplicate duplicate) {
    Dot dot = duplicate.dot();
    forks.same(dot);
    pulls.refresh();
    if (dot.seq() == log.seq(dot.site()) + 1 && dot.seq() <= log.limit(dot.site())) {
      delivered(turn, from, arrival, new Ingested.Delivered(dot, duplicate.hash()));
    }
  }

  private void delivered(Turn turn, PeerState from, Arrival arrival, Ingested.Delivered delivered) {
    log.extend(delivered.dot(), delivered.hash());
    announcer.delivered(turn, delivered, arrival);
    pulls.delivered(delivered.dot().site());
    receipt.retry(turn, delivered.dot());
    if (!delivered.dot().equals(arrival.dot())) {
      turn.punish(from, arrival.dot() + " was " + delivered.dot());
    }
  }
}
