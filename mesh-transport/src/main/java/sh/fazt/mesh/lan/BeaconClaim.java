package sh.fazt.mesh.lan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * A beacon that came out of a seal of our mesh: someone who knows the mesh says this in the name of
 * a node. Whether the node itself did, {@link #verified} tells.
 */
final class BeaconClaim {
  static final String CONTEXT = "beacon";

  private final Beacon beacon;
  private final Bytes encoded;
  private final Bytes signature;

  private BeaconClaim(Beacon beacon, Bytes encoded, Bytes signature) {
    this.beacon = beacon;
    this.encoded = encoded;
    this.signature = signature;
  }

  /** The beacon, then the signature of its node over the mesh's id and the beacon. */
  static Bytes sign(Beacon beacon, MeshId mesh, SigningKey node) {
    if (!node.verifyKey().equals(beacon.node())) {
      throw new IllegalArgumentException("a beacon of " + beacon.node() + " is not ours to sign");
    }
    Bytes encoded = beacon.encoded();
    return Bytes.concat(encoded, node.sign(CONTEXT, signed(mesh, encoded)));
  }

  private static Bytes signed(MeshId mesh, Bytes encoded) {
    return Bytes.concat(mesh.founding().value(), encoded);
  }

  static BeaconClaim read(Bytes content) throws MalformedException {
    ByteReader in = new ByteReader(content);
    Beacon.Kind kind = Beacon.Kind.of(in.u8());
    VerifyKey node = VerifyKey.readFrom(in);
    long sequence = in.u64();
    int port = in.u16();
    String name = in.text(BeaconLimits.NAME_BYTES_MAX);
    int count = in.count("addresses", BeaconLimits.ADDRESSES_MAX);
    List<Bytes> addresses = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      addresses.add(in.bytes(Beacon.IPV6_BYTES));
    }
    int end = in.position();
    Bytes signature = in.fixed(SigningKey.SIGNATURE_SIZE);
    in.end();
    try {
      Beacon beacon = new Beacon(kind, node, sequence, name, port, addresses);
      return new BeaconClaim(beacon, content.slice(0, end), signature);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not a beacon: " + e.getMessage(), e);
    }
  }

  /** In whose name it speaks. */
  VerifyKey node() {
    return beacon.node();
  }

  long sequence() {
    return beacon.sequence();
  }

  int port() {
    return beacon.port();
  }

  List<Bytes> addresses() {
    return beacon.addresses();
  }

  /** The beacon, if its node signed it for this mesh. */
  Optional<Beacon> verified(MeshId mesh) {
    boolean signed = beacon.node().verifies(CONTEXT, signed(mesh, encoded), signature);
    return signed ? Optional.of(beacon) : Optional.empty();
  }
}
