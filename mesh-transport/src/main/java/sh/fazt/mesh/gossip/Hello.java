package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SiteId;

/**
 * The first message on a link, from both sides: who speaks, and what it holds of the other's own
 * sites, by which a restored or copied database is recognised. This layout is for good; bytes after
 * its end are accepted from other protocol versions only.
 *
 * @param protocolVersion {@link MessageLimits#PROTOCOL_VERSION} of the speaker
 * @param site the speaker's own site
 * @param nodeName the speaker's name, at most 128 bytes
 * @param programVersion as people write it, at most 128 bytes
 * @param nowMillis the speaker's wall clock, Unix milliseconds
 * @param addresses where the speaker can be dialled, {@code host:port}
 * @param yourHeads the speaker's heads of the listener's own sites, of every incarnation
 */
public record Hello(
    int protocolVersion,
    MeshId mesh,
    SiteId site,
    String nodeName,
    String programVersion,
    long nowMillis,
    List<String> addresses,
    Summary yourHeads)
    implements Message {
  public static final int TYPE = 0x01;

  public Hello {
    if (protocolVersion < 1 || nowMillis < 0) {
      throw new IllegalArgumentException("version " + protocolVersion + " at " + nowMillis);
    }
    PlainText.check(nodeName, MessageLimits.NAME_BYTES_MAX);
    PlainText.check(programVersion, MessageLimits.NAME_BYTES_MAX);
    addresses = List.copyOf(addresses);
    if (addresses.size() > MessageLimits.ADDRESSES_MAX) {
      throw new IllegalArgumentException(addresses.size() + " addresses");
    }
    addresses.forEach(address -> PlainText.check(address, MessageLimits.ADDRESS_BYTES_MAX));
    if (yourHeads.heads().size() > MessageLimits.INCARNATIONS_MAX) {
      throw new IllegalArgumentException(yourHeads.heads().size() + " incarnations of a node");
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** Version, mesh, site, name, program version, time (u64), addresses, heads. */
  @Override
  public void writeTo(ByteWriter out) {
    out.varint(protocolVersion).raw(mesh.founding().value());
    site.writeTo(out);
    out.text(nodeName).text(programVersion).u64(nowMillis).varint(addresses.size());
    addresses.forEach(out::text);
    yourHeads.writeTo(out);
  }

  public static Hello readFrom(ByteReader in) throws MalformedException {
    int version = in.count("protocol version", Integer.MAX_VALUE);
    MeshId mesh = MeshId.readFrom(in);
    SiteId site = SiteId.readFrom(in);
    String name = PlainText.readFrom(in, MessageLimits.NAME_BYTES_MAX);
    String program = PlainText.readFrom(in, MessageLimits.NAME_BYTES_MAX);
    long now = in.u64();
    int count = in.count("addresses", MessageLimits.ADDRESSES_MAX);
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      addresses.add(PlainText.readFrom(in, MessageLimits.ADDRESS_BYTES_MAX));
    }
    Summary heads = Summary.readFrom(in);
    if (version < 1 || now < 0 || heads.heads().size() > MessageLimits.INCARNATIONS_MAX) {
      throw new MalformedException("hello of version " + version + " at " + now);
    }
    if (version != MessageLimits.PROTOCOL_VERSION) {
      in.rest();
    }
    return new Hello(version, mesh, site, name, program, now, addresses, heads);
  }
}
