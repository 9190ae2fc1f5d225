package sh.fazt.mesh.apply;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Carried;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ForkTable;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.SignedBatch;
import sh.fazt.mesh.wire.VerifiedBatch;

/**
 * Finds out where a site signed two batches that follow the same one, and keeps the proof. From
 * there on the site has no chain but branches: each is carried to the others by somebody who holds
 * it. Confined.
 */
final class Forks {
  private final SiteBook sites;
  private final ChangeLog log;
  private final ForkTable proofs;
  private final BranchBook branches;
  private final Set<SiteId> found = new HashSet<>();

  Forks(SiteBook sites, ChangeLog log, ForkTable proofs, BranchBook branches) {
    this.sites = sites;
    this.log = log;
    this.proofs = proofs;
    this.branches = branches;
  }

  /** Whether that very batch is here, in its chain or carried. */
  boolean holds(Dot dot, Hash hash) {
    return log.hash(dot).equals(Optional.of(hash)) || branches.holds(hash);
  }

  /**
   * Takes note of a batch whose place in the chain another one has; inside a write transaction.
   *
   * @return whether the two follow the same batch: this is where the branches part
   */
  boolean second(VerifiedBatch other, long nowMillis) {
    SignedBatch held = log.held(other.signed().dot());
    return part(held, before(held.dot()), other.signed(), previous(other), nowMillis);
  }

  /**
   * Takes note of a fork of which nothing need be here.
   *
   * @return whether these two batches prove one
   */
  boolean prove(VerifiedBatch one, VerifiedBatch other, long nowMillis) {
    boolean proof =
        one.signed().dot().equals(other.signed().dot())
            && previous(one).equals(previous(other))
            && !one.signed().hash().equals(other.signed().hash());
    if (proof) {
      fork(one.signed(), other.signed(), nowMillis);
    }
    return proof;
  }

  /**
   * Takes note of a batch that would extend the chain but for a branch that is carried.
   *
   * @return whether there is such a branch
   */
  boolean isBesideABranch(VerifiedBatch next, long nowMillis) {
    SignedBatch signed = next.signed();
    OptionalLong sibling = branches.sibling(signed.dot(), signed.hash(), previous(next));
    sibling.ifPresent(carrier -> fork(signed, carriedBy(carrier), nowMillis));
    return sibling.isPresent();
  }

  /** Takes note of a batch that does not follow the last one; it proves a fork, somewhere. */
  void unchained(VerifiedBatch next, long nowMillis) {
    Dot dot = next.signed().dot();
    suspect(log.held(new Dot(dot.site(), dot.seq() - 1)), next.signed(), nowMillis);
  }

  /**
   * Takes note of what a batch carries; inside a write transaction.
   *
   * @param carrier its number in the change log
   */
  void carried(long carrier, Carried carried, long nowMillis) {
    branches.put(carrier, carried);
    BatchHeader header = carried.batch().header();
    Dot dot = header.dot();
    Hash branch = branches.branch(carrier);
    for (BatchHeader.Seen seen : header.seen()) {
      SiteBook.SeenUpTo upTo = new SiteBook.SeenUpTo(seen.dot().seq(), log.clockBy(seen.dot()));
      branches.see(branch, seen.dot(), upTo, dot.seq());
    }
    OptionalLong sibling = branches.sibling(dot, carried.hash(), header.previous());
    if (sibling.isPresent()) {
      fork(BatchSeal.alone(carried), carriedBy(sibling.getAsLong()), nowMillis);
    } else if (log.hash(dot).filter(hash -> !hash.equals(carried.hash())).isPresent()) {
      SignedBatch held = log.held(dot);
      part(held, before(dot), BatchSeal.alone(carried), header.previous(), nowMillis);
    }
  }

  private boolean part(
      SignedBatch held, Hash heldPrevious, SignedBatch other, Hash previous, long nowMillis) {
    if (heldPrevious.equals(previous)) {
      fork(held, other, nowMillis);
      return true;
    }
    suspect(held, other, nowMillis);
    return false;
  }

  /** The branches part, somewhere before. */
  private void suspect(SignedBatch held, SignedBatch other, long nowMillis) {
    SiteId site = held.dot().site();
    if (sites.forkedAt(site).isEmpty() && proofs.proof(site).isEmpty()) {
      proofs.put(held, other, nowMillis);
    }
  }

  /** The branches part here, unless they part earlier. */
  private void fork(SignedBatch one, SignedBatch other, long nowMillis) {
    SiteId site = one.dot().site();
    boolean news = one.dot().seq() < sites.forkedAt(site).orElse(Long.MAX_VALUE);
    if (news && sites.fork(site, one.dot().seq())) {
      proofs.put(one, other, nowMillis);
      found.add(site);
    }
  }

  private SignedBatch carriedBy(long carrier) {
    return log.find(carrier)
        .flatMap(logged -> logged.batch().carried())
        .map(BatchSeal::alone)
        .orElseThrow(() -> new IllegalStateException("batch " + carrier + " carries nothing"));
  }

  private Hash before(Dot dot) {
    return dot.seq() == 1
        ? Hash.ZERO
        : log.hash(new Dot(dot.site(), dot.seq() - 1)).orElse(Hash.ZERO);
  }

  private static Hash previous(VerifiedBatch batch) {
    return batch.batch().header().previous();
  }

  /** The sites whose forks were found, until {@link #forget}. */
  Set<SiteId> found() {
    return Set.copyOf(found);
  }

  void forget(Set<SiteId> told) {
    found.removeAll(told);
  }
}
