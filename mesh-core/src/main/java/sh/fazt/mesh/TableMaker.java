package sh.fazt.mesh;

import java.util.regex.Pattern;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.SchemaReader;

/** Makes tables as an inviter describes them: nothing but tables and their indexes. */
final class TableMaker {
  private static final String SPACE = "(?:\\s|/\\*.*?\\*/|--[^\n]*+\n)*+";
  private static final String NAME =
      SPACE
          + "(\"(?:[^\"]++|\"\")*+\"|`[^`]++`|\\[[^\\]]++\\]|[\\p{L}_][\\p{L}\\p{N}_$]*+)"
          + SPACE;
  private static final Pattern TABLE =
      Pattern.compile("CREATE TABLE" + NAME + "\\(.*", Pattern.DOTALL);
  private static final Pattern INDEX =
      Pattern.compile("CREATE (?:UNIQUE )?INDEX" + NAME + "ON" + NAME + "\\(.*", caseless());

  private TableMaker() {}

  private static int caseless() {
    return Pattern.DOTALL | Pattern.CASE_INSENSITIVE;
  }

  /**
   * @throws MeshException SCHEMA_MISMATCH if the description is of something else
   */
  static void make(Database database, PreviewMessage.TableText table) {
    // A table made from a query would run that query; SQLite never describes a table like that.
    var made = TABLE.matcher(table.sql());
    require(table, made.matches() && isName(made.group(1), table.name()));
    require(table, !Identifier.isReserved(table.name()));
    database.runFirst(table.sql());
    for (String sql : table.indexSqls()) {
      var index = INDEX.matcher(sql);
      require(table, index.matches() && isName(index.group(2), table.name()));
      require(table, !Identifier.isReserved(unquoted(index.group(1))));
      database.runFirst(sql);
    }
    require(table, new SchemaReader(database).table(table.name()).isPresent());
  }

  private static boolean isName(String token, String name) {
    return Identifier.same(unquoted(token), name);
  }

  private static String unquoted(String token) {
    return switch (token.charAt(0)) {
      case '"' -> token.substring(1, token.length() - 1).replace("\"\"", "\"");
      case '`', '[' -> token.substring(1, token.length() - 1);
      default -> token;
    };
  }

  private static void require(PreviewMessage.TableText table, boolean fits) {
    if (!fits) {
      throw new MeshException(
          ErrorCode.SCHEMA_MISMATCH,
          "the inviter's description of table " + table.name() + " is not one",
          null);
    }
  }
}
