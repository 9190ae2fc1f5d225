package sh.fazt.mesh;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import sh.fazt.mesh.apply.Forgettable;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.TableAccess;

/**
 * One walk through all that is remembered of rows: it finds some that can be forgotten, leaves out
 * those that a batch of the log tells of, forgets the others, and goes on. What is remembered of
 * the walk is in memory alone; broken off, the next begins anew. Confined.
 */
final class ForgettingPass {
  /** Rows that are found before the log is read. */
  static final int FOUND_MAX = 20_000;

  /** Rows that are looked at in one turn. */
  private static final int TURN_ROWS = 1_000;

  /** Changes that are looked at in one turn, but for the last batch's. */
  private static final int TURN_CHANGES = 1_000;

  /** Rows that are forgotten in one write transaction. */
  static final int TURN_FORGOTTEN = 500;

  private final Parts parts;
  private final Deque<String> tables = new ArrayDeque<>();
  private final Map<String, Set<RowKey>> found = new TreeMap<>();
  private Bytes after = Bytes.EMPTY;
  private long read;
  private boolean searching = true;

  /** What the walk reads and writes. */
  record Parts(
      Database database,
      Consumer<Runnable> writer,
      Catalog catalog,
      ChangeLog log,
      Forgettable forgettable) {}

  ForgettingPass(Parts parts) {
    this.parts = parts;
    parts.catalog().tables().forEach(each -> tables.add(each.table().name()));
  }

  /**
   * One turn.
   *
   * @return whether there is more to do
   */
  boolean turn() {
    if (searching) {
      searching = parts.database().read(this::search);
      read = searching ? read : 0;
      return true;
    }
    if (count() > 0) {
      if (!parts.database().read(this::readOn)) {
        parts.writer().accept(this::forget);
      }
      return true;
    }
    searching = !tables.isEmpty();
    return searching;
  }

  private int count() {
    return found.values().stream().mapToInt(Set::size).sum();
  }

  /** Looks at some rows. @return whether more of them are to be looked at first */
  private boolean search() {
    String name = tables.peek();
    if (name == null) {
      return false;
    }
    Optional<TableAccess> access = parts.catalog().find(name);
    Map<RowKey, ShadowRow> page =
        access.map(each -> each.shadows().walk(after, TURN_ROWS)).orElse(Map.of());
    page.forEach(
        (key, row) -> {
          after = key.encoded();
          if (parts.forgettable().is(access.orElseThrow(), key, row)) {
            found.computeIfAbsent(Identifier.folded(name), each -> new LinkedHashSet<>()).add(key);
          }
        });
    if (page.size() < TURN_ROWS) {
      tables.remove();
      after = Bytes.EMPTY;
    }
    return count() < FOUND_MAX && !tables.isEmpty();
  }

  /** Reads some of the log. @return whether there is more of it */
  private boolean readOn() {
    long changes = 0;
    Optional<ChangeLog.Logged> next = parts.log().next(read);
    while (next.isPresent() && changes < TURN_CHANGES) {
      read = next.get().number();
      next.get().content().changes().forEach(this::keep);
      changes += next.get().content().changes().size();
      next = parts.log().next(read);
    }
    return next.isPresent();
  }

  /** Leaves out a row of which there is a batch. */
  private void keep(Change change) {
    Set<RowKey> rows = found.get(Identifier.folded(change.table()));
    if (rows != null) {
      parts
          .catalog()
          .find(change.table())
          .map(each -> each.table().shape())
          .filter(shape -> shape.key().size() == change.key().values().size())
          .ifPresent(shape -> rows.remove(new RowKey(shape.folded(change.key().values()))));
    }
  }

  private void forget() {
    // Nothing may have come since the log was read.
    if (parts.log().next(read).isPresent() || parts.catalog().isStale()) {
      return;
    }
    int forgotten = 0;
    for (Map.Entry<String, Set<RowKey>> table : found.entrySet()) {
      Optional<TableAccess> access = parts.catalog().find(table.getKey());
      Iterator<RowKey> rows = table.getValue().iterator();
      while (rows.hasNext() && forgotten < TURN_FORGOTTEN) {
        RowKey key = rows.next();
        rows.remove();
        forgotten++;
        access.ifPresent(each -> forget(each, key));
      }
    }
  }

  private void forget(TableAccess access, RowKey key) {
    ShadowRow row = access.shadows().find(key);
    if (parts.forgettable().is(access, key, row)) {
      access.shadows().remove(key);
    }
  }
}
