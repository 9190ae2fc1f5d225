package sh.fazt.mesh.schema;

import java.util.Locale;

/** SQL identifiers. Every name that enters SQL passes here. */
public final class Identifier {
  /** What the mesh's own tables and triggers begin with. */
  public static final String OWN_PREFIX = "_mesh_";

  private Identifier() {}

  /** {@code name} in double quotes, ready to stand in SQL. */
  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Whether a table of this name is ours or SQLite's and never replicates. */
  public static boolean isReserved(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith(OWN_PREFIX) || lower.startsWith("mesh_") || lower.startsWith("sqlite_");
  }
}
