package sh.fazt.mesh.delta;

import java.util.Optional;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * The first record of a bundle. Nobody has signed it: it tells people what they have before them.
 *
 * @param maker who wrote it
 * @param recipient for whom, if not for everybody; what that node was known to have is left out
 * @param holds all that its maker had, also what is left out
 */
public record BundleHeader(
    MeshId mesh, SiteId maker, Optional<VerifyKey> recipient, Summary holds) {
  /** Bytes of an encoded header. */
  public static final int BYTES_MAX = 2 << 20;

  /** The mesh, the maker, 0 or 1 and the recipient's key, the summary. */
  Bytes encoded() {
    ByteWriter out = new ByteWriter();
    out.raw(mesh.founding().value());
    maker.writeTo(out);
    out.u8(recipient.isPresent() ? 1 : 0);
    recipient.ifPresent(node -> out.raw(node.value()));
    holds.writeTo(out);
    return out.toBytes();
  }

  static BundleHeader decode(Bytes encoded) throws MalformedException {
    ByteReader in = new ByteReader(encoded);
    MeshId mesh = MeshId.readFrom(in);
    SiteId maker = SiteId.readFrom(in);
    int named = in.u8();
    if (named > 1) {
      throw new MalformedException("a recipient of kind " + named);
    }
    Optional<VerifyKey> recipient =
        named == 1 ? Optional.of(VerifyKey.readFrom(in)) : Optional.empty();
    Summary holds = Summary.readFrom(in);
    in.end();
    return new BundleHeader(mesh, maker, recipient, holds);
  }
}
