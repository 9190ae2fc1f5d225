package sh.fazt.mesh.wire;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Carried;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Signs batches and opens them. An envelope is one zstd frame (RFC 8878) that states its content
 * size; within are the signed bytes and 64 bytes of signature. Signed is the SHA-256 of the bytes,
 * for the context {@code batch}.
 */
public final class BatchSeal {
  private static final String CONTEXT = "batch";
  private static final int ZSTD_LEVEL = 3;

  private BatchSeal() {}

  /**
   * @param key the key of the batch's own site
   */
  public static VerifiedBatch sign(Batch batch, SigningKey key) {
    VerifyKey author = batch.header().dot().site().node();
    if (!key.verifyKey().equals(author)) {
      throw new IllegalStateException("batch of " + author + " signed by " + key);
    }
    ByteWriter content = BatchEncoder.encode(batch);
    Hash hash = Hash.of(content.unsafeBuffer(), content.size());
    content.raw(key.sign(CONTEXT, hash.value()));
    Bytes envelope = compress(content);
    return new VerifiedBatch(batch, new SignedBatch(batch.header().dot(), hash, envelope));
  }

  /**
   * Signs and opens an empty batch that goes nowhere: libraries are loaded and checked before the
   * first real batch is signed while others wait for the database.
   *
   * @throws IllegalStateException if it does not come back as it was
   */
  public static void rehearse(MeshId mesh, SiteId site, SigningKey key) {
    BatchHeader header =
        new BatchHeader(
            mesh, new Dot(site, 1), Hash.ZERO, 0, true, 0, Hlc.ZERO, Hlc.ZERO, List.of());
    Batch empty = new Batch(header, List.of());
    try {
      if (!verify(sign(empty, key).signed().envelope()).batch().equals(empty)) {
        throw new IllegalStateException("a batch does not come back as it was signed");
      }
    } catch (MalformedException | BadSignatureException e) {
      throw new IllegalStateException("a batch of our own does not open", e);
    }
  }

  /**
   * Opens what a peer sent.
   *
   * @throws MalformedException if it breaks a limit or the format
   * @throws BadSignatureException if its author did not sign it
   */
  public static VerifiedBatch verify(Bytes envelope)
      throws MalformedException, BadSignatureException {
    Bytes content = decompress(envelope);
    int size = content.size() - SigningKey.SIGNATURE_SIZE;
    Batch batch = BatchDecoder.decode(new ByteReader(content, size));
    Hash hash = Hash.of(content.unsafeArray(), size);
    Bytes signature = content.slice(size, content.size());
    requireSignature(batch, hash, signature);
    if (batch.carried().isPresent()) {
      Carried carried = batch.carried().get();
      int end = carried.signed().size();
      Bytes inner = carried.signed().slice(end - SigningKey.SIGNATURE_SIZE, end);
      requireSignature(carried.batch(), carried.hash(), inner);
    }
    return new VerifiedBatch(batch, new SignedBatch(batch.header().dot(), hash, envelope));
  }

  private static void requireSignature(Batch batch, Hash hash, Bytes signature)
      throws BadSignatureException {
    if (!batch.header().dot().site().node().verifies(CONTEXT, hash.value(), signature)) {
      throw new BadSignatureException("signature of " + batch.header().dot() + " does not hold");
    }
  }

  /**
   * What this node's own log holds, to be carried; of a batch that is a carrier itself, what it
   * carries.
   */
  public static Carried carried(Bytes envelope) {
    Opened own = open(envelope);
    return own.batch()
        .carried()
        .orElseGet(() -> new Carried(own.content(), own.hash(), own.batch()));
  }

  /** A carried batch as its author's own envelope would hold it. */
  public static SignedBatch alone(Carried carried) {
    Bytes envelope = Bytes.wrap(Zstd.compress(carried.signed().unsafeArray(), ZSTD_LEVEL));
    return new SignedBatch(carried.batch().header().dot(), carried.hash(), envelope);
  }

  /** What this node's own tables hold, with its place and its hash. */
  public static SignedBatch signed(Bytes envelope) {
    Opened own = open(envelope);
    return new SignedBatch(own.batch().header().dot(), own.hash(), envelope);
  }

  /** Opens what this node's own log holds, whose signature was checked when it came in. */
  public static Batch reopen(Bytes envelope) {
    return open(envelope).batch();
  }

  /**
   * @param content the signed bytes and their signature
   */
  private record Opened(Bytes content, Batch batch) {
    Hash hash() {
      return Hash.of(content.unsafeArray(), content.size() - SigningKey.SIGNATURE_SIZE);
    }
  }

  private static Opened open(Bytes envelope) {
    try {
      Bytes content = decompress(envelope);
      int size = content.size() - SigningKey.SIGNATURE_SIZE;
      return new Opened(content, BatchDecoder.decode(new ByteReader(content, size)));
    } catch (MalformedException e) {
      throw new IllegalStateException("the change log holds a malformed batch", e);
    }
  }

  private static Bytes compress(ByteWriter content) {
    byte[] frame = new byte[(int) Zstd.compressBound(content.size())];
    long size =
        Zstd.compressByteArray(
            frame, 0, frame.length, content.unsafeBuffer(), 0, content.size(), ZSTD_LEVEL);
    if (Zstd.isError(size)) {
      throw new IllegalStateException("a batch does not compress: " + Zstd.getErrorName(size));
    }
    return Bytes.wrap(Arrays.copyOf(frame, (int) size));
  }

  private static Bytes decompress(Bytes envelope) throws MalformedException {
    if (envelope.size() < SigningKey.SIGNATURE_SIZE
        || envelope.size() > WireLimits.ENVELOPE_BYTES_MAX) {
      throw new MalformedException("batch of " + envelope.size() + " compressed bytes");
    }
    try {
      // Which releases of the library throw on a broken header differs.
      long size = Zstd.getFrameContentSize(envelope.unsafeArray());
      if (size < SigningKey.SIGNATURE_SIZE || size > WireLimits.CARRIER_BYTES_MAX) {
        throw new MalformedException("batch states " + size + " bytes");
      }
      byte[] content = new byte[(int) size];
      long written = Zstd.decompress(content, envelope.unsafeArray());
      if (written != size) {
        throw new MalformedException("batch states " + size + " bytes and has " + written);
      }
      return Bytes.wrap(content);
    } catch (ZstdException e) {
      throw new MalformedException("batch does not decompress: " + e.getMessage(), e);
    }
  }
}
