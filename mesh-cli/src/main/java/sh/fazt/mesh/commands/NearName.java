package sh.fazt.mesh.commands;

/** Whether a name may be a slip of the finger for another. */
final class NearName {
  private static final int EDITS_MAX = 2;

  private NearName() {}

  /** Whether at most {@value #EDITS_MAX} letters are wrong, missing or too many. */
  static boolean of(String typed, String meant) {
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
    return above[meant.length()] <= EDITS_MAX;
  }
}
