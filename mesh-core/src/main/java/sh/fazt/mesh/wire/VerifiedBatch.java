package sh.fazt.mesh.wire;

import sh.fazt.mesh.change.Batch;

/**
 * A batch whose limits, format and signature were checked. If one exists, it was checked; only
 * {@link BatchSeal} makes them. Its place in the author's chain is the change log's to check.
 */
public final class VerifiedBatch {
  private final Batch batch;
  private final SignedBatch signed;

  VerifiedBatch(Batch batch, SignedBatch signed) {
    this.batch = batch;
    this.signed = signed;
  }

  public Batch batch() {
    return batch;
  }

  public SignedBatch signed() {
    return signed;
  }

  @Override
  public String toString() {
    return "VerifiedBatch " + signed.dot();
  }
}
