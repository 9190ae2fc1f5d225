package sh.fazt.mesh.change;

import java.util.List;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;

/** What one site did to one row. With the batch's site, {@link #hlc} is the stamp of the write. */
public sealed interface Change {
  String table();

  RowKey key();

  /** When the write was made. */
  Hlc hlc();

  /** The new values; empty for a delete. */
  List<Cell> cells();

  /** The row came to life; its cells are every column that the author's table has. */
  record Insert(String table, RowKey key, Hlc hlc, List<Cell> cells) implements Change {
    public Insert {
      cells = List.copyOf(cells);
    }
  }

  /**
   * Some cells of a living row changed.
   *
   * @param life the stamp of the insert that gave the row the life these cells belong to
   */
  record Update(String table, RowKey key, Hlc hlc, Stamp life, List<Cell> cells) implements Change {
    public Update {
      cells = List.copyOf(cells);
      if (cells.isEmpty()) {
        throw new IllegalArgumentException("an update changes something: " + table);
      }
    }
  }

  /** The row went. */
  record Delete(String table, RowKey key, Hlc hlc) implements Change {
    @Override
    public List<Cell> cells() {
      return List.of();
    }
  }
}
