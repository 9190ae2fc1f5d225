package sh.fazt.mesh;

import java.util.List;
import java.util.Locale;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.SchemaReader;

/** Makes tables as an inviter describes them: nothing but tables and their indexes. */
final class TableMaker {
  private TableMaker() {}

  /**
   * @throws MeshException SCHEMA_MISMATCH if the description is of something else
   */
  static void make(Database database, PreviewMessage.TableText table) {
    require(table, table.sql(), "CREATE TABLE ");
    database.runFirst(table.sql());
    for (String index : table.indexSqls()) {
      require(table, index, "CREATE INDEX ", "CREATE UNIQUE INDEX ");
      database.runFirst(index);
    }
    if (new SchemaReader(database).table(table.name()).isEmpty()) {
      throw mismatch(table);
    }
  }

  private static void require(PreviewMessage.TableText table, String sql, String... beginnings) {
    String upper = sql.toUpperCase(Locale.ROOT);
    if (Identifier.isReserved(table.name())
        || List.of(beginnings).stream().noneMatch(upper::startsWith)) {
      throw mismatch(table);
    }
  }

  private static MeshException mismatch(PreviewMessage.TableText table) {
    return new MeshException(
        ErrorCode.SCHEMA_MISMATCH,
        "the inviter's description of table " + table.name() + " is not one",
        null);
  }
}
