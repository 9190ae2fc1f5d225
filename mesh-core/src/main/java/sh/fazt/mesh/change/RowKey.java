package sh.fazt.mesh.change;

import java.util.List;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
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
}
