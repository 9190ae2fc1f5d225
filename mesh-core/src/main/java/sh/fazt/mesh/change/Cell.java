package sh.fazt.mesh.change;

import sh.fazt.mesh.schema.Value;

/**
 * One column's new value in a change. The column is known by its name, on every node alike.
 *
 * @param type how the column merges: 0 is last-write-wins; for any other number {@code value} is a
 *     blob with that type's own payload
 */
public record Cell(String column, int type, Value value) {
  public static final int LWW = 0;

  public Cell {
    if (type < 0 || type > 255 || (type != LWW && !(value instanceof Value.Blob))) {
      throw new IllegalArgumentException("no such cell: type " + type + " of " + column);
    }
  }

  public static Cell lww(String column, Value value) {
    return new Cell(column, LWW, value);
  }
}
