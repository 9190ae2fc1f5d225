package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * Says how a column merges from now on. Signed by the node key of a full member; of several for one
 * column the last in the order of the operations counts.
 *
 * @param table its name, in any case of letters
 * @param column the column's
 * @param type the number of the type on the wire; 0 is last-write-wins
 */
public record ChooseMerge(String table, String column, int type) implements Operation {
  static final int KIND = 10;

  public ChooseMerge {
    requireName(table);
    requireName(column);
    if (type < 0 || type > 0xff) {
      throw new IllegalArgumentException("no such type of column: " + type);
    }
  }

  private static void requireName(String name) {
    if (name.isEmpty() || Bytes.utf8(name).size() > RosterLimits.TABLE_NAME_BYTES_MAX) {
      throw new IllegalArgumentException("a name has 1 to 1024 bytes: " + name.length());
    }
  }

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void writeTo(ByteWriter out) {
    out.text(table).text(column).u8(type);
  }

  static ChooseMerge readFrom(ByteReader in) throws MalformedException {
    return new ChooseMerge(
        in.text(RosterLimits.TABLE_NAME_BYTES_MAX),
        in.text(RosterLimits.TABLE_NAME_BYTES_MAX),
        in.u8());
  }
}
