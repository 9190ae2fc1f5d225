package sh.fazt.mesh.fault;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody may have meant whose finger slipped. */
public final class NearName {
  private static final int EDITS_MAX = 2;

  private NearName() {}

  /**
   * The nearest of them, if at most {@value #EDITS_MAX} letters, and at most half of those typed,
   * are wrong, missing or too many.
   */
  public static Optional<String> among(Collection<String> names, String typed) {
    int editsMax = Math.min(EDITS_MAX, typed.length() / 2);
    return names.stream()
        .filter(name -> edits(typed, name) <= editsMax)
        .min(Comparator.comparingInt(name -> edits(typed, name)));
  }

  private static int edits(String typed, String meant) {
    int[] above = new int[meant.length() + 1];
    for (int j = 0; j <= meant.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= typed.length(); i++) {
      int[] row = new int[meant.length() + 1];
      row[0] = i;
      for (int j = 1; j <= meant.length(); j++) {
        int change = typed.charAt(i - 1) == meant.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(above[j - 1] + change, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[meant.length()];
  }
}
