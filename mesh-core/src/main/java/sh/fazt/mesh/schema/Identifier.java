package sh.fazt.mesh.schema;

/** SQL identifiers. Every name that enters SQL passes here. */
public final class Identifier {
  /** What the mesh's own tables and triggers begin with. */
  public static final String OWN_PREFIX = "_mesh_";

  private Identifier() {}

  /** {@code name} in double quotes, ready to stand in SQL. */
  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Whether two names are one to SQLite, which ignores the case of ASCII letters alone. */
  public static boolean same(String one, String other) {
    return folded(one).equals(folded(other));
  }

  /** Equal for names that are one to SQLite. */
  public static String folded(String name) {
    StringBuilder folded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char next = name.charAt(i);
      folded.append(next >= 'A' && next <= 'Z' ? (char) (next + 32) : next);
    }
    return folded.toString();
  }

  /** Whether a table of this name is ours or SQLite's and never replicates. */
  public static boolean isReserved(String name) {
    String lower = folded(name);
    return lower.startsWith(OWN_PREFIX) || lower.startsWith("mesh_") || lower.startsWith("sqlite_");
  }
}
