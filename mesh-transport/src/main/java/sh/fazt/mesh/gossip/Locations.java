package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * Where members can be dialled, as each has said itself.
 *
 * @param known at most {@link MessageLimits#LOCATIONS_MAX}
 */
public record Locations(List<Location> known) implements Message {
  public static final int TYPE = 0x13;

  public Locations {
    known = List.copyOf(known);
    if (known.size() > MessageLimits.LOCATIONS_MAX) {
      throw new IllegalArgumentException(known.size() + " locations");
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** A count, then each. */
  @Override
  public void writeTo(ByteWriter out) {
    out.varint(known.size());
    known.forEach(location -> location.writeTo(out));
  }

  public static Locations readFrom(ByteReader in) throws MalformedException {
    int count = in.count("locations", MessageLimits.LOCATIONS_MAX);
    List<Location> known = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      known.add(Location.readFrom(in));
    }
    return new Locations(known);
  }
}
