package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.crdt.MergeType;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.TableAccess;

/** Lets people say how columns merge, in words, and says it to the mesh. Confined. */
final class MergeChoice {
  /** The word for columns of which the last write wins. */
  static final String LAST_WRITE_WINS = "lww";

  private final Catalog catalog;
  private final Membership membership;

  MergeChoice(Catalog catalog, Membership membership) {
    this.catalog = catalog;
    this.membership = membership;
  }

  /**
   * Has columns of a table merge so from now on; inside a write transaction, and all or none.
   *
   * @param words the word for its type by the name of the column
   * @throws MeshException TABLE_UNKNOWN, COLUMN_UNKNOWN, USAGE for a word that is no type or a
   *     column of the key, NOT_A_MEMBER where this node may not write
   */
  void choose(String table, Map<String, String> words) {
    TrackedTable tracked =
        catalog
            .find(table)
            .map(TableAccess::table)
            .orElseThrow(
                () ->
                    new MeshException(
                        ErrorCode.TABLE_UNKNOWN,
                        "table " + table + " does not replicate here",
                        "fazt mesh tables"));
    List<Runnable> choices = new ArrayList<>();
    new TreeMap<>(words)
        .forEach(
            (name, word) -> {
              Column column = column(tracked, name);
              int type = word.equals(LAST_WRITE_WINS) ? 0 : type(word).number();
              choices.add(() -> membership.chooseMerge(tracked.name(), column.name(), type));
            });
    choices.forEach(Runnable::run);
  }

  private static Column column(TrackedTable table, String name) {
    if (table.shape().key().stream().anyMatch(key -> Identifier.same(key.name(), name))) {
      throw new MeshException(
          ErrorCode.USAGE,
          "column " + name + " is part of the key of " + table.name() + ", and keys do not merge",
          "fazt mesh track --help");
    }
    return table
        .column(name)
        .orElseThrow(
            () ->
                new MeshException(
                    ErrorCode.COLUMN_UNKNOWN,
                    "table " + table.name() + " has no column " + name,
                    "fazt mesh track --help"));
  }

  private static MergeType type(String word) {
    return MergeType.named(word)
        .orElseThrow(
            () ->
                new MeshException(
                    ErrorCode.USAGE,
                    "no column merges as " + word + "; there are " + words(),
                    "fazt mesh track --help"));
  }

  private static String words() {
    return Stream.concat(
            Stream.of(LAST_WRITE_WINS), Stream.of(MergeType.values()).map(MergeType::word))
        .collect(Collectors.joining(", "));
  }
}
