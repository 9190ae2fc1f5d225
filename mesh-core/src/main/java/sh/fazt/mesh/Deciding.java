package sh.fazt.mesh;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.store.RestoreFile;
import sh.fazt.mesh.store.TableAccess;

/**
 * Mass deletes that are being let pass or taken back, a page at a time: between two pages the
 * {@link Mesh} may do anything else. A table's deletes that were made here pass in one page. What
 * comes to wait after this was begun is not concerned. What breaks off still waits, and can be
 * decided anew. Confined to the thread of the mesh.
 */
public final class Deciding implements AutoCloseable {
  private final MassDeletes.Parts parts;
  private final List<HeldDeletes> deletes;
  private final boolean undo;
  private final Deque<HeldDeletes> left;
  private final HeldHere here;
  private final HeldOfOthers others;
  private final RestoreFile restore;
  private long rows;

  Deciding(MassDeletes.Parts parts, List<HeldDeletes> deletes, boolean undo) {
    this.parts = parts;
    this.deletes = List.copyOf(deletes);
    this.undo = undo;
    this.left = new ArrayDeque<>(deletes);
    this.restore = new RestoreFile(parts.database(), parts.ambient().now());
    this.others = new HeldOfOthers(parts);
    this.here =
        new HeldHere(
            parts,
            deletes.stream()
                .filter(HeldDeletes::here)
                .flatMap(each -> parts.catalog().find(each.table()).stream())
                .toList());
  }

  /** Does a page of the work. @return whether there may be more */
  public boolean next() {
    if (here.look()) {
      return true;
    }
    while (!left.isEmpty()) {
      int done = page(left.element());
      rows += done;
      if (done > 0) {
        return true;
      }
      left.remove();
    }
    return false;
  }

  private int page(HeldDeletes each) {
    if (!each.here()) {
      return undo ? others.refuse(each.table()) : others.apply(each.table(), restore);
    }
    Optional<TableAccess> access = parts.catalog().find(each.table());
    if (access.isEmpty()) {
      return 0;
    }
    return undo ? here.bringBack(access.get()) : releaseAll(access.get());
  }

  /** All at once: what is told in one transaction is judged as one by the others. */
  private int releaseAll(TableAccess access) {
    int all = 0;
    int done;
    do {
      done = here.release(access, restore);
      all += done;
    } while (done > 0);
    return all;
  }

  /** How many rows are dealt with so far. */
  public long rows() {
    return rows;
  }

  /** Of how many. */
  public long total() {
    return deletes.stream().mapToLong(HeldDeletes::rows).sum();
  }

  /** What became of them, once {@link #next} has said that there is no more. */
  public MassDeletes.Decision decision() {
    return new MassDeletes.Decision(deletes, restore.path(), here.unknown());
  }

  @Override
  public void close() {
    try (restore) {
      here.close();
    }
  }
}
