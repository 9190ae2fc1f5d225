package sh.fazt.mesh.store;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.schema.Value;

/**
 * A row as the table has it now, beside its shadow.
 *
 * @param row the values of the non-key columns in the table's order; empty if there is no such row
 * @param touchedMillis when the row was last touched, Unix milliseconds; 0 if nobody recorded it
 */
public record RowPair(RowKey key, Optional<List<Value>> row, ShadowRow shadow, long touchedMillis) {

  /** Whether the row is small enough to travel: key and values together are at most 64 MiB. */
  public boolean fits() {
    return bytes() <= Value.BYTES_MAX;
  }

  /** What key and values take together. */
  long bytes() {
    long bytes = key.values().stream().mapToLong(Value::bytes).sum();
    for (Value value : row.orElse(List.of())) {
      bytes += value.bytes();
    }
    return bytes;
  }
}
