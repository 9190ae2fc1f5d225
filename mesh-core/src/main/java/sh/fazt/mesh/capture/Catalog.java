package sh.fazt.mesh.capture;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;
import sh.fazt.mesh.store.TableBook.GenesisPhase;

/** The tracked tables as the schema has them now, their triggers in place. Confined. */
public final class Catalog {
  private static final long UNREAD = -1;

  private final Database database;
  private final SchemaReader schema;
  private final TableBook book;
  private final TriggerKeeper triggers;
  private final SiteBook sites;
  private List<TableAccess> tables = List.of();
  private long version = UNREAD;
  private boolean moved;

  public Catalog(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
    this.schema = new SchemaReader(database);
    this.book = new TableBook(database, schema);
    this.triggers = new TriggerKeeper(database);
  }

  /**
   * Looks whether the schema has moved and, if so, reads the tables again and mends the triggers;
   * where a trigger was missing, every row of the table is suspect. Inside a write transaction.
   *
   * @return whether it had moved
   */
  public boolean refresh() {
    if (!isStale()) {
      return false;
    }
    tables = book.tracked().stream().map(table -> TableAccess.of(database, table, sites)).toList();
    for (TableAccess access : tables) {
      boolean takenIn = book.genesis(access.table()).phase() != GenesisPhase.TAKING_IN;
      if (triggers.ensure(access.table()) && takenIn) {
        triggers.suspectAll(access.table());
      }
    }
    version = schema.version();
    moved = true;
    return true;
  }

  /** Whether the tables were read again since this was last asked. */
  public boolean takeMoved() {
    boolean taken = moved;
    moved = false;
    return taken;
  }

  /** Whether {@link #takeMoved} would say so. */
  public boolean hasMoved() {
    return moved;
  }

  /** Whether the schema has moved since the last {@link #refresh}. */
  public boolean isStale() {
    return schema.version() != version;
  }

  /**
   * Makes the next {@link #refresh} read everything again, after a rollback or a change of plan.
   */
  public void forget() {
    version = UNREAD;
  }

  /** Takes the schema as it is now for the one that was read: the mesh itself has moved it. */
  public void accept() {
    version = schema.version();
  }

  public List<TableAccess> tables() {
    return tables;
  }

  public Optional<TableAccess> find(String table) {
    return tables.stream()
        .filter(access -> access.table().name().equalsIgnoreCase(table))
        .findFirst();
  }

  public TableBook book() {
    return book;
  }

  public SchemaReader schema() {
    return schema;
  }

  public TriggerKeeper triggers() {
    return triggers;
  }
}
