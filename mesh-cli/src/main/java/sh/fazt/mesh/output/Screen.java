package sh.fazt.mesh.output;

import java.io.PrintStream;
import java.util.List;

/**
 * Where a command answers: results on standard output, progress and hints on standard error, both
 * in the form asked for. Confined to the thread of its command.
 *
 * <p>As JSON, standard output holds one value, the result or the failure, and nothing else is said.
 */
public final class Screen {
  private final PrintStream out;
  private final PrintStream err;
  private final Terminal terminal;
  private final Format format;

  /** Markdown wants an empty line between a table and what stands around it. */
  private boolean saidSomething;

  private boolean afterTable;

  public Screen(PrintStream out, PrintStream err, Terminal terminal, Format format) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.format = format;
  }

  public boolean isJson() {
    return format == Format.JSON;
  }

  /** Prints {@code result} if the form is JSON, else runs {@code forPeople}. */
  public void answer(Json result, Runnable forPeople) {
    if (isJson()) {
      out.println(terminal.out() ? JsonText.indented(result) : JsonText.compact(result));
    } else {
      forPeople.run();
    }
    out.flush();
  }

  /** One line of the result. */
  public void say(String line) {
    print(Printable.of(line));
  }

  /** One line of the result behind a sign. */
  public void say(Glyph glyph, String line) {
    print(glyph.on(terminal, coloured(terminal.out())) + " " + Printable.of(line));
  }

  /** The heading of an answer: a sign, a few bold words, the rest. */
  public void headline(Glyph glyph, String words, String rest) {
    boolean coloured = coloured(terminal.out());
    String shown = Printable.of(words);
    print(
        glyph.on(terminal, coloured)
            + " "
            + (coloured ? Paint.apply(Paint.BOLD, shown) : shown)
            + Printable.of(rest));
  }

  /** The rows of a result. */
  public void table(Table table) {
    table(table, "");
  }

  /** The same, behind a margin where columns are aligned. */
  public void table(Table table, String margin) {
    if (format == Format.MARKDOWN) {
      if (saidSomething) {
        out.println();
      }
      table.markdown().forEach(out::println);
      saidSomething = true;
      afterTable = true;
      return;
    }
    List<String> lines = table.aligned(margin);
    boolean coloured = coloured(terminal.out());
    out.println(coloured ? Paint.apply(Paint.DIM, lines.get(0)) : lines.get(0));
    lines.subList(1, lines.size()).forEach(out::println);
  }

  private void print(String line) {
    if (afterTable) {
      out.println();
      afterTable = false;
    }
    out.println(line);
    saidSomething = true;
  }

  /** A line that helps but is no result: what to do next. */
  public void hint(String line) {
    if (!isJson()) {
      out.flush();
      err.println(Printable.of(line));
    }
  }

  /** A hint behind a sign. */
  public void hint(Glyph glyph, String line) {
    if (!isJson()) {
      out.flush();
      err.println(glyph.on(terminal, coloured(terminal.err())) + " " + Printable.of(line));
    }
  }

  /** Asks without ending the line; the answer comes from standard input. */
  public void ask(String question) {
    out.flush();
    err.print(Printable.of(question) + " ");
    err.flush();
  }

  /** Says what went wrong and what mends it. */
  public void failure(Failure failure) {
    if (isJson()) {
      answer(failure.json(), () -> {});
      return;
    }
    out.flush();
    String head = "Error:";
    err.println(
        (coloured(terminal.err()) ? Paint.apply(Paint.RED, head) : head)
            + " "
            + Printable.of(failure.message()));
    failure
        .remedyLine()
        .ifPresent(
            line -> {
              err.println();
              err.println(Printable.of(line));
            });
    err.flush();
  }

  PrintStream err() {
    return err;
  }

  public Terminal terminal() {
    return terminal;
  }

  private boolean coloured(boolean isTerminal) {
    return isTerminal && terminal.colour() && format != Format.JSON;
  }
}
