package sh.fazt.mesh.store;

import java.util.Arrays;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fingerprint.RowDigest;

/**
 * The merged states of rows in brief. Rows of one transaction mostly have the same, so the last one
 * is remembered by its packed form. Confined.
 */
final class MergedMemory {
  private final RowDigest digest;
  private Bytes packed = Bytes.EMPTY;
  private Bytes merged = Bytes.EMPTY;

  MergedMemory(RowDigest digest) {
    this.digest = digest;
  }

  Bytes merged(ShadowTable shadows, Rows rows, int column) {
    Bytes now = rows.blob(column);
    if (!isAlike(now)) {
      merged = digest.merged(shadows.decode(rows, column).merged());
      packed = now;
    }
    return merged;
  }

  /** Whether two shadows differ in nothing but the digests of what is shown. */
  private boolean isAlike(Bytes now) {
    if (now.isEmpty() || now.size() != packed.size()) {
      return false;
    }
    int head = ShadowCodec.headSize(now);
    return head > 0 && Arrays.equals(now.unsafeArray(), 0, head, packed.unsafeArray(), 0, head);
  }
}
