package sh.fazt.mesh.gossip;

/** Draws the consequences of what became of the batches that peers sent. */
final class Verdicts {
  private final Peers peers;
  private final OwnLog log;
  private final Receipt receipt;
  private final Pulls pulls;
  private final Announcer announcer;
  private final Sightings sightings;

  Verdicts(
      Peers peers,
      OwnLog log,
      Receipt receipt,
      Pulls pulls,
      Announcer announcer,
      Sightings sightings) {
    this.peers = peers;
    this.log = log;
    this.receipt = receipt;
    this.pulls = pulls;
    this.announcer = announcer;
    this.sightings = sightings;
  }

  void on(Turn turn, Input.Ingested ingested) {
    for (Input.Verdict verdict : ingested.verdicts()) {
      Arrival arrival = receipt.judged(turn, verdict);
      if (!arrival.from().equals(ingested.from())) {
        throw new IllegalStateException(arrival.dot() + " came from " + arrival.from());
      }
      judge(turn, peers.of(arrival.from()), arrival, verdict.outcome());
    }
    sightings.level(turn, peers.of(ingested.from()));
  }

  private void judge(Turn turn, PeerState from, Arrival arrival, Outcome outcome) {
    if (outcome instanceof Outcome.Delivered delivered) {
      delivered(turn, from, arrival, delivered);
    } else if (outcome instanceof Outcome.Duplicate) {
      pulls.refresh();
    } else if (outcome instanceof Outcome.Missing missing) {
      receipt.missing(turn, arrival, missing.needed());
    } else if (outcome instanceof Outcome.Forked forked) {
      turn.tell(new Report.Forked(from.key, forked.dot()));
      pulls.shun(arrival.dot().site());
    } else if (outcome instanceof Outcome.Refused refused) {
      pulls.notice(turn, arrival.dot().site());
      turn.punish(from, refused.why());
    } else if (outcome instanceof Outcome.Postponed postponed) {
      turn.tell(new Report.Stalled(postponed.why()));
      pulls.notice(turn, arrival.dot().site());
      pulls.pause(turn);
    } else {
      throw new AssertionError("unhandled " + outcome);
    }
  }

  private void delivered(Turn turn, PeerState from, Arrival arrival, Outcome.Delivered delivered) {
    log.extend(delivered.dot(), delivered.hash());
    announcer.delivered(turn, delivered, arrival);
    pulls.delivered(delivered.dot().site());
    receipt.retry(turn, delivered.dot());
    if (!delivered.dot().equals(arrival.dot())) {
      turn.punish(from, arrival.dot() + " was " + delivered.dot());
    }
  }
}
