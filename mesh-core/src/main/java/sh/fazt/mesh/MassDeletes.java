package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import sh.fazt.mesh.apply.Ingestion;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.capture.DeleteCounts;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.TableAccess;

/*
 Everything is done in pages, each in a write transaction of its own, so that nobody waits long. What
 breaks off is still held, and told of. Rows that go are in the restore file before they go.
*/
/**
 * What becomes of mass deletes that wait. Confined to the thread that opened the {@link Mesh}; call
 * {@link Mesh#harvest} after it, as after any write.
 */
public final class MassDeletes {
  /** Rows in one write transaction, at most. */
  static final int PAGE_ROWS_MAX = 2_000;

  private final Parts parts;

  MassDeletes(Parts parts) {
    this.parts = parts;
  }

  /**
   * What it works with.
   *
   * @param writer runs work in one write transaction, and rolls it back if it throws
   */
  record Parts(
      Database database,
      Consumer<Runnable> writer,
      Catalog catalog,
      DeleteCounts counts,
      LocalWrites local,
      Ingestion ingestion,
      ChangeLog log,
      ValueDigest digest,
      MeshView view,
      Ambient ambient) {

    /** Runs work in one transaction in which all that the application wrote was taken in before. */
    void write(Runnable work) {
      local.catchUp();
      writer.accept(
          () -> {
            local.takeRest();
            work.run();
            local.retry();
          });
    }
  }

  /**
   * What was decided.
   *
   * @param deletes those that wait no more
   * @param restorePoint a database with the rows that have gone, if any have
   * @param unknown rows that cannot be brought back: no batch ever carried them
   */
  public record Decision(List<HeldDeletes> deletes, Optional<Path> restorePoint, long unknown) {
    public Decision {
      deletes = List.copyOf(deletes);
    }
  }

  /** All that wait. */
  public List<HeldDeletes> held() {
    return parts.view().held();
  }

  /**
   * Lets mass deletes pass: those made here are told to the others, those of others are applied.
   *
   * @param tables whose; of all tables if empty
   * @throws MeshException TABLE_UNKNOWN if nothing waits of a table that was named
   */
  public Decision allow(Set<String> tables) {
    return toTheEnd(allowing(tables));
  }

  /** As {@link #allow}, page by page. */
  public Deciding allowing(Set<String> tables) {
    return new Deciding(parts, chosen(tables), false);
  }

  /**
   * Takes mass deletes back: rows that were deleted here return, and rows that others have deleted
   * are told to them anew.
   *
   * @param tables whose; of all tables if empty
   * @throws MeshException TABLE_UNKNOWN if nothing waits of a table that was named
   */
  public Decision undo(Set<String> tables) {
    return toTheEnd(undoing(tables));
  }

  /** As {@link #undo}, page by page. */
  public Deciding undoing(Set<String> tables) {
    return new Deciding(parts, chosen(tables), true);
  }

  private static Decision toTheEnd(Deciding begun) {
    try (begun) {
      boolean more = true;
      while (more) {
        more = begun.next();
      }
      return begun.decision();
    }
  }

  /**
   * Has mass deletes of tables that replicate wait here, or not, from now on.
   *
   * @throws MeshException TABLE_UNKNOWN
   */
  public void guard(Set<String> tables, boolean guarded) {
    parts
        .writer()
        .accept(
            () ->
                tables.forEach(
                    table -> parts.catalog().book().guard(require(table).name(), guarded)));
  }

  private TrackedTable require(String table) {
    return parts
        .catalog()
        .find(table)
        .map(TableAccess::table)
        .orElseThrow(
            () ->
                new MeshException(
                    ErrorCode.TABLE_UNKNOWN,
                    "no table " + table + " replicates",
                    "fazt mesh tables"));
  }

  private List<HeldDeletes> chosen(Set<String> tables) {
    List<HeldDeletes> all = held();
    for (String table : tables) {
      if (all.stream().noneMatch(each -> Identifier.same(each.table(), table))) {
        throw new MeshException(
            ErrorCode.TABLE_UNKNOWN, "no deletes of " + table + " are held", "fazt mesh status");
      }
    }
    return all.stream()
        .filter(
            each ->
                tables.isEmpty()
                    || tables.stream().anyMatch(table -> Identifier.same(each.table(), table)))
        .toList();
  }
}
