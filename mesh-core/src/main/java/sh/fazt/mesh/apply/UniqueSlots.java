package sh.fazt.mesh.apply;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.Claim;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.UniqueIndex;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.TableAccess;

/** Decides which of the rows that want one unique value is shown. Confined. */
final class UniqueSlots {
  private final TableAccess access;
  private final Set<Integer> numbers;

  UniqueSlots(TableAccess access) {
    this.access = access;
    Set<String> names =
        access.table().shape().uniques().stream()
            .flatMap(index -> index.columns().stream())
            .collect(Collectors.toSet());
    this.numbers =
        access.table().shape().columns().stream()
            .filter(column -> names.contains(column.name()))
            .map(access.table()::columnNumber)
            .collect(Collectors.toSet());
  }

  Claim claim(RowKey key, RowState merged) {
    return Claim.of(key, merged, numbers);
  }

  /**
   * Makes the rows yield whose claims are younger than that of a row that was refused. A row with
   * an older claim stays, and the refused one out.
   *
   * @return whether any has yielded
   */
  boolean clear(RowKey key, RowState merged, Map<Column, Value> wanted, Consumer<RowKey> hold) {
    Claim mine = claim(key, merged);
    boolean yielded = false;
    for (RowKey holder : holders(key, wanted)) {
      ShadowRow other = access.shadows().find(holder);
      if (other.merged().isAlive() && mine.compareTo(claim(holder, other.merged())) < 0) {
        hold.accept(holder);
        yielded = true;
      }
    }
    return yielded;
  }

  private Set<RowKey> holders(RowKey key, Map<Column, Value> wanted) {
    Set<RowKey> holders = new LinkedHashSet<>();
    for (UniqueIndex index : access.table().shape().uniques()) {
      holders.addAll(access.rows().holders(index, key, wanted));
    }
    holders.remove(key);
    return holders;
  }
}
