package sh.fazt.mesh.commands;

import java.util.Optional;

/**
 * A command line to be typed once more, with what a person gave the first time.
 *
 * @param words so far, as a shell takes them
 */
record Retyped(String words) {
  Retyped with(String option, Optional<String> value) {
    return value.map(given -> plus(option + " " + Session.quoted(given))).orElse(this);
  }

  Retyped with(String flag, boolean given) {
    return given ? plus(flag) : this;
  }

  private Retyped plus(String more) {
    return new Retyped(words + " " + more);
  }
}
