package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.KeyText;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.CellTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.HeldTable;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;

/** Puts together why one row is as it is. Confined to one question. */
final class StoryTeller {
  private final Database database;
  private final SiteBook sites;
  private final Roster roster;
  private final AsideTable aside;
  private final TableAccess access;
  private final ValueDigest digest;

  /**
   * @throws MeshException TABLE_UNKNOWN
   */
  StoryTeller(Database database, SiteBook sites, Roster roster, String table) {
    this.database = database;
    this.sites = sites;
    this.roster = roster;
    this.aside = new AsideTable(database);
    this.access = TableAccess.of(database, replicated(database, table), sites);
    this.digest = new ValueDigest(new Meta(database).bytes(Fact.DIGEST_SECRET).orElse(Bytes.EMPTY));
  }

  private static TrackedTable replicated(Database database, String name) {
    SchemaReader schema = new SchemaReader(database);
    Optional<TrackedTable> table = new TableBook(database, schema).readable(name);
    return table.orElseThrow(
        () ->
            new MeshException(
                ErrorCode.TABLE_UNKNOWN,
                schema.table(name).isPresent()
                    ? "table " + name + " does not replicate here, so nobody keeps who wrote it"
                    : "there is no table " + name,
                "fazt mesh tables"));
  }

  /**
   * @param keyText the key as a person types it
   * @param column tells of this column alone; of all if empty
   * @throws MeshException USAGE, ROW_UNKNOWN, COLUMN_UNKNOWN
   */
  RowStory tell(String keyText, Optional<String> column) {
    for (List<Value> values : KeyText.read(keyText, access.table().shape())) {
      RowKey key = new RowKey(access.table().shape().folded(values));
      RowNow row = RowNow.of(access, aside, new CellTable(database, sites), key);
      List<RowStory.Parked> waiting = ParkedRow.of(database, sites, roster, access.table(), key);
      if (row.row().isPresent()
          || !row.shadow().equals(ShadowRow.NONE)
          || !waiting.isEmpty()
          || !conflicts(row).isEmpty()) {
        return story(row, waiting, column);
      }
    }
    throw new MeshException(
        ErrorCode.ROW_UNKNOWN,
        "table " + access.table().name() + " has no row " + keyText + ", and never had one here",
        "fazt mesh explain --help");
  }

  private RowStory story(RowNow row, List<RowStory.Parked> waiting, Optional<String> only) {
    List<ConflictTable.Found> conflicts = conflicts(row);
    List<RowStory.ColumnStory> columns = new ArrayList<>();
    for (Column column : access.table().shape().columns()) {
      if (only.map(name -> Identifier.same(name, column.name())).orElse(true)) {
        columns.add(column(row, column, conflicts));
      }
    }
    if (columns.isEmpty() && only.isPresent() && !isWaitedFor(only.get(), waiting)) {
      throw unknown(only.get());
    }
    List<RowStory.Neighbour> neighbours = new Neighbours(access, aside, roster).of(row);
    RowStory.State state = state(row, waiting);
    return new RowStory(
        access.table().name(),
        row.key().values(),
        KeyText.write(row.key().values(), access.table().shape()),
        state,
        madeBy(row, state),
        row.held().map(held -> new RowStory.Aside(held.reason(), held.sinceMillis())),
        decision(row, state, neighbours, conflicts),
        columns,
        waiting,
        neighbours);
  }

  private List<ConflictTable.Found> conflicts(RowNow row) {
    return new ConflictTable(database, sites).ofRow(access.table().name(), row.key());
  }

  private MeshException unknown(String column) {
    boolean former =
        new TableBook(database, new SchemaReader(database))
            .former(access.table()).stream().anyMatch(name -> Identifier.same(name, column));
    return new MeshException(
        ErrorCode.COLUMN_UNKNOWN,
        "table "
            + access.table().name()
            + " has no column "
            + column
            + (former ? " any more: it was dropped or renamed" : " beside its key"),
        former ? "fazt mesh tables" : "fazt mesh explain --help");
  }

  private static boolean isWaitedFor(String column, List<RowStory.Parked> waiting) {
    return waiting.stream()
        .flatMap(parked -> parked.cells().stream())
        .anyMatch(cell -> Identifier.same(cell.column(), column));
  }

  private RowStory.State state(RowNow row, List<RowStory.Parked> waiting) {
    boolean alive = row.shadow().merged().isAlive();
    boolean shown = row.shadow().shown().present();
    if (row.row().isPresent()) {
      return shown ? RowStory.State.ALIVE : RowStory.State.CAME;
    } else if (shown) {
      boolean held =
          new HeldTable(database).released(row.table(), row.key()).equals(Optional.of(false));
      return held ? RowStory.State.HELD : RowStory.State.WENT;
    } else if (alive) {
      return RowStory.State.SET_ASIDE;
    }
    if (row.shadow().merged().dead().isPresent()) {
      return RowStory.State.DEAD;
    }
    return waiting.isEmpty() ? RowStory.State.REFUSED : RowStory.State.WAITING;
  }

  private Optional<Write> madeBy(RowNow row, RowStory.State state) {
    return stamp(row, state).map(each -> Write.of(each, roster));
  }

  private static Optional<Stamp> stamp(RowNow row, RowStory.State state) {
    return switch (state) {
      case ALIVE, SET_ASIDE -> row.shadow().merged().alive();
      case DEAD -> row.shadow().merged().dead();
      case CAME, WENT, HELD, WAITING, REFUSED -> Optional.empty();
    };
  }

  /**
   * Whether it was signed after its node lost the right to write, so that it counts nowhere else.
   */
  private boolean isRefused(Stamp stamp) {
    long limit = roster.authors().limit(stamp.site());
    return limit < Long.MAX_VALUE
        && new ChangeLog(database, sites)
            .lowestAfter(stamp.site(), limit)
            .filter(low -> low.compareTo(stamp.hlc()) <= 0)
            .isPresent();
  }

  private Optional<Decision> decision(
      RowNow row,
      RowStory.State state,
      List<RowStory.Neighbour> neighbours,
      List<ConflictTable.Found> conflicts) {
    if (!neighbours.isEmpty()) {
      return Optional.of(Decision.OLDER_CLAIM);
    } else if (stamp(row, state).filter(this::isRefused).isPresent()) {
      return Optional.of(Decision.REFUSED);
    }
    boolean beaten =
        state == RowStory.State.DEAD
            && conflicts.stream()
                .map(ConflictTable.Found::conflict)
                .filter(each -> Decision.of(each) == Decision.DELETE_BEATS_EDIT)
                .anyMatch(each -> row.shadow().merged().dead().equals(Optional.of(each.kept())));
    return beaten ? Optional.of(Decision.DELETE_BEATS_EDIT) : Optional.empty();
  }

  private RowStory.ColumnStory column(
      RowNow row, Column column, List<ConflictTable.Found> conflicts) {
    List<ConflictTable.Found> own =
        conflicts.stream()
            .filter(found -> Identifier.same(found.conflict().column(), column.name()))
            .toList();
    ConflictList list = new ConflictList(database, sites, roster);
    boolean ahead = row.isAhead(column, digest);
    Optional<Value> value = row.value(column);
    Optional<Stamp> winner = ahead ? Optional.empty() : row.winner(column);
    return new RowStory.ColumnStory(
        column.name(),
        value,
        value.flatMap(any -> winner).map(stamp -> Write.of(stamp, roster)),
        ahead,
        value.map(
            any ->
                !ahead && row.isMerged(column)
                    ? Decision.MERGED
                    : decision(row, winner, ahead, own)),
        own.stream().filter(ConflictTable.Found::isOpen).map(list::entry).toList());
  }

  private Decision decision(
      RowNow row, Optional<Stamp> winner, boolean ahead, List<ConflictTable.Found> conflicts) {
    if (winner.isEmpty()) {
      return ahead ? Decision.LATER_WRITE : Decision.DEFAULT_VALUE;
    } else if (isRefused(winner.get())) {
      return Decision.REFUSED;
    }
    Optional<Decision> beaten =
        conflicts.stream()
            .map(ConflictTable.Found::conflict)
            .filter(conflict -> conflict.kept().equals(winner.get()))
            .filter(conflict -> conflict.rule() != ConflictTable.Rule.REFUSED)
            .map(Decision::of)
            .findFirst();
    return beaten.orElseGet(
        () ->
            row.shadow().merged().alive().equals(winner)
                ? Decision.ONLY_WRITE
                : Decision.LATER_WRITE);
  }
}
