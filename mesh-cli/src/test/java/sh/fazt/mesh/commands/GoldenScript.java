package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line and what it must print, as text that anyone can write:
 *
 * <pre>
 * # a comment
 * given database                        an empty file is at $DIR/data.db
 * given daemon status = {...}           a daemon runs for it and answers so; {"error":...} fails
 * given progress sync = {...}           it says this before it answers
 * given event watch = {...}             it tells of this, and of more such, before it answers
 * given replicas plan = {...}           the same for what needs no daemon
 * given terminal in out err             which streams are terminals
 * given env NAME=VALUE
 * given stdin y
 * given file $DIR/other                 an empty file
 * $ fazt mesh status --db $DIR/data.db
 * &gt; a line of standard output
 * ! a line of standard error
 * = 0
 * </pre>
 *
 * $TOKEN is a well-formed token. What is given stays for the commands after it. A value may go on
 * in indented lines.
 */
record GoldenScript(List<Step> steps) {
  /** What is given, in the order written. */
  record Given(String kind, String value) {}

  /** One command. */
  record Step(List<String> before, List<Given> given, String command, Expected expected) {}

  /** What it must print. */
  record Expected(List<String> out, List<String> err, int exit) {}

  static GoldenScript parse(String text) {
    List<Step> steps = new ArrayList<>();
    Reading reading = new Reading();
    for (String line : text.lines().toList()) {
      if (line.startsWith("$ ") && reading.command != null) {
        throw new IllegalArgumentException("no '= STATUS' after " + reading.command);
      }
      reading.take(line);
      if (line.startsWith("= ")) {
        steps.add(reading.step());
        reading = new Reading();
      }
    }
    return new GoldenScript(steps);
  }

  /** The script with other expectations. */
  String withExpected(List<Expected> expected) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      step.before().forEach(line -> text.append(line).append('\n'));
      text.append("$ ").append(step.command()).append('\n');
      lines(text, expected.get(i));
    }
    return text.toString();
  }

  private static void lines(StringBuilder text, Expected expected) {
    expected.out().forEach(line -> text.append((">" + " " + line).stripTrailing()).append('\n'));
    expected.err().forEach(line -> text.append(("! " + line).stripTrailing()).append('\n'));
    text.append("= ").append(expected.exit()).append('\n');
  }

  static String text(Expected expected) {
    StringBuilder text = new StringBuilder();
    lines(text, expected);
    return text.toString();
  }

  /** A step being read. */
  private static final class Reading {
    private final List<String> before = new ArrayList<>();
    private final List<Given> given = new ArrayList<>();
    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private String command;
    private int exit;

    void take(String line) {
      if (line.startsWith("$ ")) {
        command = line.substring(2);
      } else if (line.startsWith(">")) {
        out.add(line.substring(Math.min(2, line.length())));
      } else if (line.startsWith("!")) {
        err.add(line.substring(Math.min(2, line.length())));
      } else if (line.startsWith("= ")) {
        exit = Integer.parseInt(line.substring(2));
      } else {
        before.add(line);
        give(line);
      }
    }

    private void give(String line) {
      if (line.startsWith("given ")) {
        String rest = line.substring("given ".length());
        int blank = rest.indexOf(' ');
        given.add(
            new Given(
                blank < 0 ? rest : rest.substring(0, blank),
                blank < 0 ? "" : rest.substring(blank + 1)));
      } else if (line.startsWith(" ") && !line.isBlank()) {
        Given last = given.remove(given.size() - 1);
        given.add(new Given(last.kind(), last.value() + line.strip()));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        throw new IllegalArgumentException("what is this: " + line);
      }
    }

    Step step() {
      return new Step(before, given, command, new Expected(out, err, exit));
    }
  }
}
