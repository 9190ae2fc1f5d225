package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Where a node can be dialled, in its own words, to be passed on by others. A hint: whoever dials
 * pins the node's key.
 *
 * @param atMillis when it was signed, by the node's clock, Unix milliseconds; the latest counts
 * @param addresses {@code host:port}, the likeliest first; at most {@link
 *     MessageLimits#ADDRESSES_MAX}
 * @param signature the node's, over the mesh's id and all before it, for the context {@value
 *     #CONTEXT}
 */
public record Location(VerifyKey node, long atMillis, List<String> addresses, Bytes signature) {
  static final String CONTEXT = "location";

  public Location {
    addresses = List.copyOf(addresses);
    if (atMillis < 0 || addresses.size() > MessageLimits.ADDRESSES_MAX) {
      throw new IllegalArgumentException(addresses.size() + " addresses at " + atMillis);
    }
    addresses.forEach(address -> PlainText.check(address, MessageLimits.ADDRESS_BYTES_MAX));
    if (signature.size() != SigningKey.SIGNATURE_SIZE) {
      throw new IllegalArgumentException("a signature has 64 bytes: " + signature.size());
    }
  }

  public static Location sign(MeshId mesh, SigningKey node, long atMillis, List<String> addresses) {
    List<String> told = addresses.stream().limit(MessageLimits.ADDRESSES_MAX).toList();
    Bytes signed = signed(mesh, node.verifyKey(), atMillis, told);
    return new Location(node.verifyKey(), atMillis, told, node.sign(CONTEXT, signed));
  }

  /** Whether the node itself has said so in this mesh. */
  boolean isTrue(MeshId mesh) {
    return node.verifies(CONTEXT, signed(mesh, node, atMillis, addresses), signature);
  }

  private static Bytes signed(MeshId mesh, VerifyKey node, long atMillis, List<String> addresses) {
    ByteWriter out = new ByteWriter().raw(mesh.founding().value());
    writeTo(out, node, atMillis, addresses);
    return out.toBytes();
  }

  private static void writeTo(
      ByteWriter out, VerifyKey node, long atMillis, List<String> addresses) {
    out.raw(node.value()).u64(atMillis).varint(addresses.size());
    addresses.forEach(out::text);
  }

  /** Node, time (u64), addresses, signature. */
  void writeTo(ByteWriter out) {
    writeTo(out, node, atMillis, addresses);
    out.raw(signature);
  }

  static Location readFrom(ByteReader in) throws MalformedException {
    VerifyKey node = VerifyKey.readFrom(in);
    long at = in.u64();
    int count = in.count("addresses", MessageLimits.ADDRESSES_MAX);
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      addresses.add(PlainText.readFrom(in, MessageLimits.ADDRESS_BYTES_MAX));
    }
    if (at < 0) {
      throw new MalformedException("a location of the time " + at);
    }
    return new Location(node, at, addresses, in.fixed(SigningKey.SIGNATURE_SIZE));
  }
}
