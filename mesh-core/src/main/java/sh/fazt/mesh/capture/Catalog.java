package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.crdt.MergePolicy;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.CellTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.HeldTable;
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
  private final Supplier<MergePolicy> policy;
  private final List<ReturnedColumns> returned = new ArrayList<>();
  private List<TableAccess> tables = List.of();
  private long version = UNREAD;
  private boolean moved;

  /**
   * @param policy how columns merge now
   */
  public Catalog(Database database, SiteBook sites, Supplier<MergePolicy> policy) {
    this.policy = policy;
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
    List<TableBook.Found> found = book.tracked();
    tables = found.stream().map(each -> TableAccess.of(database, each.table(), sites)).toList();
    for (int i = 0; i < found.size(); i++) {
      mend(found.get(i), tables.get(i));
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

  private void mend(TableBook.Found found, TableAccess access) {
    TrackedTable table = found.table();
    boolean unsure = triggers.ensure(table) || found.remade();
    TableBook.Genesis genesis = book.genesis(table);
    if (genesis.phase() == GenesisPhase.TAKING_IN
        || genesis.phase() == GenesisPhase.TAKING_IN_AND_SENDING) {
      if (unsure && !genesis.after().isEmpty()) {
        // From the start again: what has no shadow by then was there before the mesh.
        triggers.suspectKnown(table);
        book.genesis(table, new TableBook.Genesis(genesis.phase(), Bytes.EMPTY));
      }
    } else if (unsure) {
      triggers.suspectAll(table);
    } else {
      // A column that is new, or back, and filled already was renamed.
      found.added().forEach(column -> triggers.suspectWritten(table, column));
      found.returned().forEach(column -> triggers.suspectWritten(table, column));
    }
    if (!found.returned().isEmpty()) {
      found.returned().forEach(access.shadows()::forgetShown);
      returned.add(new ReturnedColumns(access, Set.copyOf(found.returned())));
    }
  }

  /** Columns that a table had, lost, and has again: it shows none of their merged values yet. */
  public record ReturnedColumns(TableAccess access, Set<Column> columns) {}

  /** What has returned since this was last asked. */
  public List<ReturnedColumns> takeReturned() {
    List<ReturnedColumns> taken = List.copyOf(returned);
    returned.clear();
    return taken;
  }

  /** Whether a column has returned, and what is merged of it may not be shown yet. */
  boolean isReturning(TrackedTable table, Column column) {
    return returned.stream()
        .anyMatch(each -> each.access().table().equals(table) && each.columns().contains(column));
  }

  /** Whether the schema has moved since the last {@link #refresh}. */
  public boolean isStale() {
    return schema.version() != version;
  }

  /**
   * Looks whether the triggers stand in the schema, which can be written to without moving its
   * version; if not, the next {@link #refresh} mends them. Only reads.
   */
  public void checkTriggers() {
    if (!tables.stream().allMatch(access -> triggers.isIntact(access.table()))) {
      version = UNREAD;
    }
  }

  /**
   * Makes the next {@link #refresh} read everything again, after a rollback or a change of plan.
   */
  public void forget() {
    version = UNREAD;
    returned.clear();
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
        .filter(access -> Identifier.same(access.table().name(), table))
        .findFirst();
  }

  /** The rows that are set aside. */
  public AsideTable aside() {
    return new AsideTable(database);
  }

  /** The cells that operations were made on. */
  public CellTable cells() {
    return new CellTable(database, sites);
  }

  /** How columns merge now. */
  public MergePolicy policy() {
    return policy.get();
  }

  /** The rows whose deletes nobody is told of yet. */
  public HeldTable held() {
    return new HeldTable(database);
  }

  /** What was written so far. */
  ChangeLog log() {
    return new ChangeLog(database, sites);
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
