package sh.fazt.mesh.commands;

import java.util.List;

/**
 * Which tables a person wants replicated.
 *
 * @param rule the preset, every table, or the named ones
 * @param only the names, for {@link Rule#ONLY}
 * @param iKnow whether tables with secrets and sessions may be among them
 */
record TableChoice(Rule rule, List<String> only, boolean iKnow) {
  /** How tables are chosen. */
  enum Rule {
    PRESET,
    ALL,
    ONLY
  }

  TableChoice {
    only = List.copyOf(only);
    if ((rule == Rule.ONLY) == only.isEmpty()) {
      throw new IllegalArgumentException(rule + " with " + only.size() + " names");
    }
  }

  static TableChoice of(List<String> only, boolean all, boolean iKnow) {
    Rule rule = all ? Rule.ALL : only.isEmpty() ? Rule.PRESET : Rule.ONLY;
    return new TableChoice(rule, all ? List.of() : only, iKnow);
  }
}
