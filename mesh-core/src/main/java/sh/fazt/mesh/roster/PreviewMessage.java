package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * What a server shows of its tables to a joiner that asked for a preview: of each table a {@link
 * TableText}, a {@link PreviewTable} and as many {@link PreviewRows} as it takes; then one {@link
 * PreviewEnd}.
 */
public sealed interface PreviewMessage extends AdmissionMessage {
  /** Reads the rest of a frame that begins with {@code type}. */
  static PreviewMessage read(int type, ByteReader in) throws MalformedException {
    return switch (type) {
      case PreviewTable.TYPE -> PreviewTable.readFrom(in);
      case PreviewRows.TYPE -> PreviewRows.readFrom(in);
      case PreviewEnd.TYPE -> new PreviewEnd();
      case TableText.TYPE -> TableText.readFrom(in);
      default ->
          throw new MalformedException("no such admission message: 0x" + Integer.toHexString(type));
    };
  }

  /** Begins the rows of one table. */
  record PreviewTable(String name, long rows) implements PreviewMessage {
    static final int TYPE = 0x46;

    public PreviewTable {
      if (rows < 0) {
        throw new IllegalArgumentException("a table of " + rows + " rows");
      }
    }

    @Override
    public int type() {
      return TYPE;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.text(name).varint(rows);
    }

    static PreviewTable readFrom(ByteReader in) throws MalformedException {
      return new PreviewTable(in.text(RosterLimits.TABLE_NAME_BYTES_MAX), in.varint());
    }
  }

  /**
   * Rows of the table that was named last.
   *
   * @param packed 32 bytes a row: 16 of its key's hash, 16 of its digest
   */
  record PreviewRows(Bytes packed) implements PreviewMessage {
    /** Bytes of a row's key hash, and of its digest. */
    public static final int PART_BYTES = 16;

    /** The most rows of one message. */
    public static final int ROWS_MAX = RosterLimits.CHUNK_BYTES_MAX / (2 * PART_BYTES) - 1;

    static final int TYPE = 0x47;

    public PreviewRows {
      if (packed.size() % (2 * PART_BYTES) != 0 || packed.size() > ROWS_MAX * 2 * PART_BYTES) {
        throw new IllegalArgumentException("rows of " + packed.size() + " bytes");
      }
    }

    /** How many rows. */
    public int count() {
      return packed.size() / (2 * PART_BYTES);
    }

    /** The hash of the key of row {@code index}. */
    public Bytes key(int index) {
      int at = index * 2 * PART_BYTES;
      return packed.slice(at, at + PART_BYTES);
    }

    /** The digest of row {@code index}. */
    public Bytes digest(int index) {
      int at = (index * 2 + 1) * PART_BYTES;
      return packed.slice(at, at + PART_BYTES);
    }

    @Override
    public int type() {
      return TYPE;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.raw(packed);
    }

    static PreviewRows readFrom(ByteReader in) {
      return new PreviewRows(in.rest());
    }
  }

  /** Ends a preview. */
  record PreviewEnd() implements PreviewMessage {
    static final int TYPE = 0x48;

    @Override
    public int type() {
      return TYPE;
    }

    @Override
    public void writeTo(ByteWriter out) {}
  }

  /**
   * How one table is made, for a joiner that lacks it.
   *
   * @param sql its CREATE TABLE
   * @param indexSqls its CREATE INDEX statements
   * @param formerColumns columns that were dropped from it
   */
  record TableText(String name, String sql, List<String> indexSqls, List<String> formerColumns)
      implements PreviewMessage {
    static final int TYPE = 0x49;

    public TableText {
      indexSqls = List.copyOf(indexSqls);
      formerColumns = List.copyOf(formerColumns);
    }

    @Override
    public int type() {
      return TYPE;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.text(name).text(sql).varint(indexSqls.size());
      indexSqls.forEach(out::text);
      out.varint(formerColumns.size());
      formerColumns.forEach(out::text);
    }

    static TableText readFrom(ByteReader in) throws MalformedException {
      String name = in.text(RosterLimits.TABLE_NAME_BYTES_MAX);
      String sql = in.text(RosterLimits.TABLE_SQL_BYTES_MAX);
      List<String> indexSqls =
          texts(in, "indexes", RosterLimits.INDEXES_MAX, RosterLimits.INDEX_SQL_BYTES_MAX);
      List<String> formerColumns =
          texts(
              in,
              "former columns",
              RosterLimits.FORMER_COLUMNS_MAX,
              RosterLimits.COLUMN_NAME_BYTES_MAX);
      return new TableText(name, sql, indexSqls, formerColumns);
    }

    private static List<String> texts(ByteReader in, String what, int countMax, int bytesMax)
        throws MalformedException {
      int count = in.count(what, countMax);
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        texts.add(in.text(bytesMax));
      }
      return texts;
    }
  }
}
