package sh.fazt.mesh.wire;

import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;

/**
 * A batch as it is stored and relayed, verbatim.
 *
 * @param hash SHA-256 of the signed bytes
 * @param envelope the signed bytes and their signature, compressed
 */
public record SignedBatch(Dot dot, Hash hash, Bytes envelope) {}
