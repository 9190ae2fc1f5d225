package sh.fazt.mesh.wire;

import com.github.luben.zstd.Zstd;
import java.util.Arrays;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.identity.SigningKey;

/** Envelopes that are whole in every respect but one: their author has not signed them. */
public final class Forgery {
  private Forgery() {}

  /** Other content under the signature of an envelope. */
  public static Bytes keepingSignature(Bytes envelope, Batch altered) {
    byte[] content =
        Zstd.decompress(envelope.toArray(), (int) Zstd.getFrameContentSize(envelope.unsafeArray()));
    int size = content.length - SigningKey.SIGNATURE_SIZE;
    return sealed(
        BatchEncoder.encode(altered),
        Bytes.wrap(Arrays.copyOfRange(content, size, content.length)));
  }

  /** A batch that somebody else than its author signs, for the right purpose. */
  public static Bytes signedBy(SigningKey key, Batch batch) {
    ByteWriter content = BatchEncoder.encode(batch);
    Hash hash = Hash.of(content.unsafeBuffer(), content.size());
    return sealed(content, key.sign("batch", hash.value()));
  }

  private static Bytes sealed(ByteWriter content, Bytes signature) {
    content.raw(signature);
    return Bytes.wrap(Zstd.compress(Arrays.copyOf(content.unsafeBuffer(), content.size())));
  }
}
