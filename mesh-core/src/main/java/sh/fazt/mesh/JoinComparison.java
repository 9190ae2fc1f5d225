package sh.fazt.mesh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TableVerdict;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.TableScan;

/**
 * Compares the rows of a database with what a server shows of its own, before anything is joined.
 * Confined to one thread.
 */
public final class JoinComparison implements AutoCloseable {
  private static final int PAGE_ROWS = 5_000;

  private final @Nullable Database database;
  private final List<PreviewMessage.TableText> tables = new ArrayList<>();
  private final List<Table> compared = new ArrayList<>();
  private Map<Bytes, Bytes> here = Map.of();
  private Fit fit = Fit.MISSING;
  private @Nullable Table current;
  private boolean complete;

  private JoinComparison(@Nullable Database database) {
    this.database = database;
  }

  /** Compares with the database in {@code file}, which may not exist yet. */
  public static JoinComparison with(Path file) {
    return new JoinComparison(Files.isRegularFile(file) ? Database.open(file) : null);
  }

  /** Whether this database has the table. */
  public enum Fit {
    FITS,
    MISSING,
    /** It has one of that name, which cannot replicate. */
    REFUSED
  }

  /** How the rows of one table compare. */
  public record Table(
      String name, Fit fit, long onlyHere, long onlyThere, long same, long different) {}

  /**
   * Takes in one message of the server's.
   *
   * @throws MalformedException if it does not fit those before it
   */
  public void on(PreviewMessage message) throws MalformedException {
    if (message instanceof PreviewMessage.TableText text) {
      if (tables.stream().anyMatch(each -> Identifier.same(each.name(), text.name()))) {
        throw new MalformedException("table " + text.name() + " is described twice");
      }
      tables.add(text);
    } else if (message instanceof PreviewMessage.PreviewTable table) {
      endTable();
      here = rowsOf(table.name());
      current = new Table(table.name(), fit, 0, 0, 0, 0);
    } else if (message instanceof PreviewMessage.PreviewRows rows) {
      compare(rows);
    } else if (message instanceof PreviewMessage.PreviewEnd) {
      endTable();
      complete = true;
    } else {
      throw new AssertionError("unhandled " + message);
    }
  }

  private void compare(PreviewMessage.PreviewRows rows) throws MalformedException {
    if (current == null) {
      throw new MalformedException("rows of no table");
    }
    long there = current.onlyThere();
    long same = current.same();
    long different = current.different();
    for (int i = 0; i < rows.count(); i++) {
      Bytes mine = here.remove(rows.key(i));
      if (mine == null) {
        there++;
      } else if (mine.equals(rows.digest(i))) {
        same++;
      } else {
        different++;
      }
    }
    current = new Table(current.name(), fit, 0, there, same, different);
  }

  private void endTable() {
    if (current != null) {
      compared.add(
          new Table(
              current.name(),
              current.fit(),
              here.size(),
              current.onlyThere(),
              current.same(),
              current.different()));
    }
    current = null;
    here = Map.of();
  }

  private Map<Bytes, Bytes> rowsOf(String table) {
    Map<Bytes, Bytes> rows = new HashMap<>();
    fit = Fit.MISSING;
    if (database == null) {
      return rows;
    }
    Optional<TableVerdict> verdict = new SchemaReader(database).table(table);
    fit = verdict.isPresent() ? Fit.REFUSED : Fit.MISSING;
    if (verdict.isPresent() && verdict.get() instanceof TableVerdict.Eligible eligible) {
      fit = Fit.FITS;
      TableScan scan = new TableScan(database, eligible.shape());
      List<TableScan.RowDigest> page = scan.next(PAGE_ROWS);
      while (!page.isEmpty()) {
        page.forEach(row -> rows.put(row.key(), row.digest()));
        page = scan.next(PAGE_ROWS);
      }
    }
    return rows;
  }

  /** Whether the server has shown all. */
  public boolean complete() {
    return complete;
  }

  /** One line a table that the server has, once complete. */
  public List<Table> result() {
    return List.copyOf(compared);
  }

  /** How the server's tables are made. */
  public List<PreviewMessage.TableText> tableTexts() {
    return List.copyOf(tables);
  }

  @Override
  public void close() {
    if (database != null) {
      database.close();
    }
  }
}
