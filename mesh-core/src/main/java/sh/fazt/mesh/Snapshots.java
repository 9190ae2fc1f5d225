package sh.fazt.mesh;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook.GenesisPhase;

/** Finds moments at which the tables show what is merged, and nothing else. Confined. */
final class Snapshots {
  private static final int TRIES_MAX = 20;

  private final Database database;
  private final Consumer<Runnable> writer;
  private final Catalog catalog;
  private final SiteBook sites;
  private final LocalWrites local;
  private final Membership membership;

  /**
   * @param writer runs work in one write transaction, and rolls it back if it throws
   */
  Snapshots(
      Database database,
      Consumer<Runnable> writer,
      Catalog catalog,
      SiteBook sites,
      LocalWrites local,
      Membership membership) {
    this.database = database;
    this.writer = writer;
    this.catalog = catalog;
    this.sites = sites;
    this.local = local;
    this.membership = membership;
  }

  /** See {@link Mesh#snapshot}. */
  Optional<SnapshotSource> open() {
    AtomicReference<Optional<SnapshotSource>> opened = new AtomicReference<>(Optional.empty());
    boolean may = database.hasWriteAheadLog() && membership.mayWrite();
    for (int i = 0; may && opened.get().isEmpty() && i < TRIES_MAX; i++) {
      local.catchUp();
      local.takeIn();
      writer.accept(
          () -> {
            // Nobody else can write now, and a reader sees what was committed before.
            if (local.isSettled() && isWhole()) {
              opened.set(Optional.of(SnapshotSource.open(database.file())));
            }
          });
    }
    return opened.get();
  }

  private boolean isWhole() {
    return sites.shownInPart().isEmpty()
        && catalog.tables().stream()
            .map(TableAccess::table)
            .allMatch(table -> catalog.book().genesis(table).phase() == GenesisPhase.SENT);
  }
}
