package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.Claim;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.KeyText;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.UniqueIndex;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.TableAccess;

/** Finds the rows that want the unique values of another. Confined to one question. */
final class Neighbours {
  /** How many rows that are set aside are looked through. */
  private static final int ASIDE_MAX = 1_000;

  private final TableAccess access;
  private final AsideTable aside;
  private final Roster roster;

  Neighbours(TableAccess access, AsideTable aside, Roster roster) {
    this.access = access;
    this.aside = aside;
    this.roster = roster;
  }

  /** Of a row that is set aside those that show; of one that shows those that are set aside. */
  List<RowStory.Neighbour> of(RowNow row) {
    List<RowStory.Neighbour> found = new ArrayList<>();
    if (row.held().isPresent()) {
      holders(row.key(), row.held().get())
          .forEach(key -> claim(key).ifPresent(since -> found.add(neighbour(key, true, since))));
    } else if (row.row().isPresent() && !access.table().shape().uniques().isEmpty()) {
      for (RowKey key : aside.keys(access.table(), ASIDE_MAX)) {
        if (aside
            .held(access.table(), key)
            .map(held -> holders(key, held).contains(row.key()))
            .orElse(false)) {
          claim(key).ifPresent(since -> found.add(neighbour(key, false, since)));
        }
      }
    }
    return found;
  }

  private RowStory.Neighbour neighbour(RowKey key, boolean shown, Write since) {
    String text = KeyText.write(key.values(), access.table().shape());
    return new RowStory.Neighbour(key.values(), text, shown, since);
  }

  private Set<RowKey> holders(RowKey key, AsideTable.Held held) {
    Map<Column, Value> wanted = new LinkedHashMap<>();
    for (Column column : access.table().shape().columns()) {
      Optional.ofNullable(held.cells().get(access.table().columnNumber(column)))
          .ifPresent(value -> wanted.put(column, value));
    }
    Set<RowKey> holders = new LinkedHashSet<>();
    for (UniqueIndex index : access.table().shape().uniques()) {
      holders.addAll(access.rows().holders(index, key, wanted));
    }
    holders.remove(key);
    return holders;
  }

  private Optional<Write> claim(RowKey key) {
    TrackedTable table = access.table();
    Set<String> names =
        table.shape().uniques().stream()
            .flatMap(index -> index.columns().stream())
            .collect(Collectors.toSet());
    List<Integer> unique =
        table.shape().columns().stream()
            .filter(column -> names.contains(column.name()))
            .map(table::columnNumber)
            .toList();
    RowState merged = access.shadows().find(key).merged();
    return merged.isAlive()
        ? Optional.of(Write.of(Claim.of(key, merged, unique).since(), roster))
        : Optional.empty();
  }
}
