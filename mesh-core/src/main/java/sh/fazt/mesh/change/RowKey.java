package sh.fazt.mesh.change;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.schema.Value;

/**
 * A row's key within its table: the values of the primary key's columns, in the order in which the
 * key declares them; never NULL.
 */
public record RowKey(List<Value> values) {
  public RowKey {
    values = List.copyOf(values);
    if (values.isEmpty() || values.contains(Value.NULL)) {
      throw new IllegalArgumentException("a key has values and none is NULL: " + values);
    }
  }

  /** The values one after the other: equal bytes, equal key. */
  public Bytes encoded() {
    ByteWriter out = new ByteWriter(32);
    values.forEach(value -> value.writeTo(out));
    return out.toBytes();
  }

  /** The key of which {@link #encoded} gave these bytes. */
  public static RowKey decoded(Bytes encoded) {
    try {
      ByteReader in = new ByteReader(encoded);
      List<Value> values = new ArrayList<>();
      while (in.remaining() > 0) {
        values.add(Value.readFrom(in));
      }
      return new RowKey(values);
    } catch (MalformedException e) {
      throw new IllegalStateException("a stored key is malformed: " + encoded, e);
    }
  }
}
