package sh.fazt.mesh.delta;

import sh.fazt.mesh.bytes.Bytes;

/** One piece of a bundle, in the order in which they stand: header, operations, batches, end. */
public sealed interface BundleRecord {
  /** The beginning. */
  record Header(BundleHeader header) implements BundleRecord {}

  /** A signed roster operation, verbatim; each behind those it follows. */
  record Operation(Bytes encoded) implements BundleRecord {}

  /** A signed batch, verbatim; each behind what its author had seen, as far as it is there. */
  record Envelope(Bytes envelope) implements BundleRecord {}

  /** The last one: nothing is missing. */
  record End(long operations, long batches) implements BundleRecord {}
}
