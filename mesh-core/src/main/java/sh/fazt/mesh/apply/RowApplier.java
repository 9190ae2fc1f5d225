package sh.fazt.mesh.apply;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.Claim;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.TableAccess;

/**
 * Brings one row of a table from what it shows to what is merged. A row that a rule of the table
 * refuses is set aside, whole: out of the table, and in again when the cause is gone. Confined.
 */
final class RowApplier {
  private final TableAccess access;
  private final AsideTable aside;
  private final ValueDigest digest;
  private final MergedValues values;
  private final MergingCells merging;
  private final UniqueSlots slots;
  private boolean moved;
  private long went;
  private long came;

  RowApplier(TableAccess access, ApplyStores stores, ValueDigest digest) {
    this.access = access;
    this.aside = stores.aside();
    this.digest = digest;
    this.values = new MergedValues(access.table(), stores.log(), digest);
    this.merging = new MergingCells(access, stores.cells(), stores.log());
    this.slots = new UniqueSlots(access);
  }

  /** Whether rows of this table have moved, so that others that are set aside may fit now. */
  boolean takeMoved() {
    boolean taken = moved;
    moved = false;
    return taken;
  }

  /**
   * How the table has changed.
   *
   * @param went rows that were deleted
   * @param came rows that are new
   */
  record Tally(long went, long came) {}

  /** What has come and gone since this was last asked. */
  Tally takeTally() {
    Tally taken = new Tally(went, came);
    went = 0;
    came = 0;
    return taken;
  }

  /** A row's claim to its unique values; empty if it does not live. */
  Optional<Claim> claim(RowKey key) {
    RowState merged = access.shadows().find(key).merged();
    return merged.isAlive() ? Optional.of(slots.claim(key, merged)) : Optional.empty();
  }

  /** Merges a change into its row and shows the result; inside a write transaction. */
  void apply(ShadowRow before, Incoming incoming, long nowMillis) {
    RowKey key = incoming.key();
    RowState merged = before.merged().join(incoming.state());
    ShadowRow row = new ShadowRow(merged, before.shown(), before.unsent());
    Map<Column, Value> operated = merging.merge(before, incoming, merged);
    moved = true;
    if (!merged.isAlive()) {
      went += before.shown().present() ? 1 : 0;
      remove(key, row);
      aside.remove(access.table(), key);
      return;
    }
    Map<Column, Optional<Value>> changed = values.changed(before, merged, incoming);
    operated.forEach((column, value) -> changed.put(column, Optional.of(value)));
    if (before.shown().present()) {
      update(key, row, changed, nowMillis);
    } else {
      Optional<SortedMap<Integer, Value>> held = aside.find(access.table(), key);
      came += insert(key, row, values.whole(key, merged, changed, held), nowMillis) ? 1 : 0;
    }
  }

  /** Merges a snapshot's row and shows the result; inside a write transaction. */
  void take(ShadowRow before, SnapshotRow taken, long nowMillis) {
    RowKey key = taken.key();
    RowState merged = before.merged().join(taken.state());
    Map<Column, Value> operated = merging.join(before, taken, merged);
    ShadowRow row = new ShadowRow(merged, before.shown(), before.unsent());
    moved = true;
    if (!merged.isAlive()) {
      remove(key, row);
      aside.remove(access.table(), key);
      return;
    }
    Map<Column, Optional<Value>> changed = values.taken(before, key, taken.state(), taken.values());
    operated.forEach((column, value) -> changed.put(column, Optional.of(value)));
    if (before.shown().present()) {
      update(key, row, changed, nowMillis);
    } else {
      Optional<SortedMap<Integer, Value>> held = aside.find(access.table(), key);
      insert(key, row, values.whole(key, merged, changed, held), nowMillis);
    }
  }

  /**
   * Tries again to show a row that was set aside.
   *
   * @return whether it is shown now
   */
  boolean retry(RowKey key, long nowMillis) {
    ShadowRow row = access.shadows().find(key);
    if (row.shown().present() || !row.merged().isAlive()) {
      aside.remove(access.table(), key);
      return false;
    }
    Optional<SortedMap<Integer, Value>> held = aside.find(access.table(), key);
    return insert(key, row, values.whole(key, row.merged(), Map.of(), held), nowMillis);
  }

  /** Shows a row as the change log has it, whatever the shadow and the table hold. */
  void mend(RowProof proof, long nowMillis) {
    RowKey key = proof.key();
    moved = true;
    access.rows().delete(key);
    merging.replace(key, proof.cells());
    ShadowRow bare = new ShadowRow(proof.merged(), Shown.ABSENT, false);
    if (proof.merged().isAlive()) {
      Optional<SortedMap<Integer, Value>> held = Optional.of(proof.values());
      insert(key, bare, values.whole(key, proof.merged(), Map.of(), held), nowMillis);
    } else {
      access.shadows().put(key, bare);
      aside.remove(access.table(), key);
    }
  }

  private void update(
      RowKey key, ShadowRow row, Map<Column, Optional<Value>> changed, long nowMillis) {
    Map<Column, Value> wanted = new LinkedHashMap<>();
    changed.forEach((column, value) -> value.ifPresent(v -> wanted.put(column, v)));
    Map<Column, Value> differing = differing(wanted, row.shown());
    if (differing.isEmpty() || access.rows().update(key, differing).isEmpty()) {
      show(key, row, wanted);
      return;
    }
    Map<Column, Value> whole = current(key);
    whole.putAll(wanted);
    access.rows().delete(key);
    insert(key, new ShadowRow(row.merged(), Shown.ABSENT, row.unsent()), whole, nowMillis);
  }

  private Map<Column, Value> current(RowKey key) {
    Map<Column, Value> current = new LinkedHashMap<>();
    List<Column> columns = access.table().shape().columns();
    access
        .rows()
        .find(key)
        .ifPresent(
            values -> {
              for (int i = 0; i < columns.size(); i++) {
                current.put(columns.get(i), values.get(i));
              }
            });
    return current;
  }

  /** Puts a row into the table that is not there. */
  private boolean insert(RowKey key, ShadowRow row, Map<Column, Value> whole, long nowMillis) {
    Optional<String> refusal = access.rows().insert(key, whole);
    boolean inserted =
        refusal.isEmpty()
            || access
                .rows()
                .tentatively(
                    () ->
                        slots.clear(key, row.merged(), whole, other -> hold(other, nowMillis))
                            && access.rows().insert(key, whole).isEmpty());
    if (inserted) {
      show(key, row, whole);
      aside.remove(access.table(), key);
      return true;
    }
    access.shadows().put(key, new ShadowRow(row.merged(), Shown.ABSENT, row.unsent()));
    putAside(key, whole, refusal.orElse(""), nowMillis);
    return false;
  }

  /** Takes a row out of the table and sets it aside. */
  private void hold(RowKey key, long nowMillis) {
    Map<Column, Value> whole = current(key);
    remove(key, access.shadows().find(key));
    putAside(key, whole, "another row has had its unique values for longer", nowMillis);
  }

  private void putAside(RowKey key, Map<Column, Value> whole, String reason, long nowMillis) {
    Map<Integer, Value> cells = new TreeMap<>();
    whole.forEach((column, value) -> cells.put(access.table().columnNumber(column), value));
    aside.put(access.table(), key, cells, reason, nowMillis);
  }

  private void remove(RowKey key, ShadowRow row) {
    if (row.shown().present()) {
      access.rows().delete(key);
    }
    access.shadows().put(key, new ShadowRow(row.merged(), Shown.ABSENT, row.unsent()));
  }

  private Map<Column, Value> differing(Map<Column, Value> wanted, Shown shown) {
    Map<Column, Value> differing = new LinkedHashMap<>();
    wanted.forEach(
        (column, value) -> {
          Long shows = shown.digests().get(access.table().columnNumber(column));
          if (shows == null || shows != digest.of(value)) {
            differing.put(column, value);
          }
        });
    return differing;
  }

  private boolean mayBend(Column column, Value value) {
    return column.affinity().mayBend(value) || !access.table().shape().encoding().holds(value);
  }

  /** Notes that the row shows {@code wanted}, as the table has stored it. */
  private void show(RowKey key, ShadowRow row, Map<Column, Value> wanted) {
    boolean bent =
        wanted.entrySet().stream().anyMatch(each -> mayBend(each.getKey(), each.getValue()));
    Map<Column, Value> stored = bent ? current(key) : wanted;
    Map<Integer, Long> digests = new HashMap<>(row.shown().digests());
    wanted.forEach(
        (column, value) ->
            digests.put(
                access.table().columnNumber(column),
                digest.of(stored.getOrDefault(column, value))));
    access.shadows().put(key, new ShadowRow(row.merged(), Shown.of(digests), row.unsent()));
  }
}
