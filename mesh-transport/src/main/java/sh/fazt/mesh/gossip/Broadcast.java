package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;

/**
 * A small message of an application to all members. Passed on verbatim but for the hops, never
 * stored.
 *
 * @param hops over how many nodes it has come; not signed
 * @param content what the sender has signed
 * @param signature the sending node's, 64 bytes
 */
public record Broadcast(int hops, Content content, Bytes signature) implements Message {
  public static final int TYPE = 0x20;

  private static final String CONTEXT = "broadcast";

  /**
   * What is signed.
   *
   * @param sentMillis the sender's wall clock, Unix milliseconds
   * @param payload at most {@link MessageLimits#BROADCAST_BYTES_MAX} bytes of any kind
   */
  public record Content(MeshId mesh, BroadcastId id, long sentMillis, Bytes payload) {
    public Content {
      if (sentMillis < 0 || payload.size() > MessageLimits.BROADCAST_BYTES_MAX) {
        throw new IllegalArgumentException(payload.size() + " bytes at " + sentMillis);
      }
    }

    private void writeTo(ByteWriter out) {
      out.raw(mesh.founding().value());
      id.writeTo(out);
      out.u64(sentMillis).bytes(payload);
    }

    private Bytes encoded() {
      ByteWriter out = new ByteWriter(payload.size() + 128);
      writeTo(out);
      return out.toBytes();
    }

    private static Content readFrom(ByteReader in) throws MalformedException {
      MeshId mesh = MeshId.readFrom(in);
      BroadcastId id = BroadcastId.readFrom(in);
      long sentMillis = in.u64();
      if (sentMillis < 0) {
        throw new MalformedException("no such time: " + sentMillis);
      }
      return new Content(mesh, id, sentMillis, in.bytes(MessageLimits.BROADCAST_BYTES_MAX));
    }
  }

  public Broadcast {
    if (hops < 0
        || hops > MessageLimits.BROADCAST_HOPS_MAX
        || signature.size() != SigningKey.SIGNATURE_SIZE) {
      throw new IllegalArgumentException(hops + " hops, signature of " + signature.size());
    }
  }

  /**
   * @param node the key of the content's own site
   */
  public static Broadcast sign(Content content, SigningKey node) {
    if (!node.verifyKey().equals(content.id().site().node())) {
      throw new IllegalStateException(content.id() + " signed by " + node);
    }
    return new Broadcast(0, content, node.sign(CONTEXT, content.encoded()));
  }

  /** Whether the node that it names has signed it. */
  boolean isSigned() {
    return content.id().site().node().verifies(CONTEXT, content.encoded(), signature);
  }

  /** This as it goes on from here. */
  Broadcast relayed() {
    return new Broadcast(hops + 1, content, signature);
  }

  @Override
  public int type() {
    return TYPE;
  }

  /**
   * Hops (u8), then what is signed: mesh, id, time (u64), payload with its length; then the
   * signature.
   */
  @Override
  public void writeTo(ByteWriter out) {
    out.u8(hops);
    content.writeTo(out);
    out.raw(signature);
  }

  public static Broadcast readFrom(ByteReader in) throws MalformedException {
    int hops = in.u8();
    if (hops > MessageLimits.BROADCAST_HOPS_MAX) {
      throw new MalformedException("a broadcast over " + hops + " nodes");
    }
    return new Broadcast(hops, Content.readFrom(in), in.fixed(SigningKey.SIGNATURE_SIZE));
  }
}
