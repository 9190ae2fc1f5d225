package sh.fazt.mesh.commands;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import sh.fazt.mesh.TablePlan;
import sh.fazt.mesh.TableStatus;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;

/** What a person reads of a founding. */
record InitView(Session session) {
  private static final int NAMED_MAX = 8;
  private static final String WAL = "wal";
  private static final Optional<String> SHADOW = Optional.of("it is a shadow table");

  /**
   * @param again what carries it out
   */
  void showPlan(TablePlan plan, Retyped again) {
    Screen screen = session.screen();
    Json.Obj document = TablesDocument.of(plan);
    screen.answer(
        document.with("dry_run", true),
        () -> {
          if (!plan.tables().isEmpty()) {
            screen.table(TablesCommand.table(document));
          }
          showTables(plan, Glyph.INFO, "Would replicate ");
        });
    adviseJournal(session);
    screen.hint(Glyph.INFO, "Nothing was changed. Do it: " + session.command(again.words()));
  }

  void showFounded(Founding founding, Founded founded, boolean personaIsNew) {
    String owner = founding.persona().name();
    String node = "node " + founding.nodeName() + "  " + founded.nodeId();
    session
        .screen()
        .say(
            Glyph.DONE,
            personaIsNew
                ? "Created persona " + owner + " and " + node
                : "Created " + node + "  owner " + owner);
    showTables(founded.plan(), Glyph.DONE, "Replicating ");
  }

  /** What to do with a mesh that was just founded. */
  void adviseFounded() {
    adviseJournal(session);
    session
        .screen()
        .hint(
            Glyph.INFO,
            "Start it: "
                + session.command("fazt mesh daemon --detach")
                + "      Invite another machine: "
                + session.command("fazt mesh invite"));
  }

  private void showTables(TablePlan plan, Glyph glyph, String verb) {
    Screen screen = session.screen();
    List<TableStatus> replicated = plan.in(TableStatus.State.REPLICATED);
    if (plan.tables().isEmpty()) {
      screen.say(
          Glyph.INFO,
          "There are no tables yet; once there are: " + session.command("fazt mesh track TABLE"));
      return;
    }
    screen.say(
        glyph,
        verb
            + Units.count(replicated.size(), "table")
            + ", "
            + Units.count(plan.rows(), "row")
            + plan.preset().map(preset -> " (preset " + preset + ")").orElse("")
            + (replicated.isEmpty() ? "" : ": " + names(replicated)));
    List<TableStatus> home = plan.in(TableStatus.State.HOME);
    if (!home.isEmpty()) {
      String kinds =
          home.stream()
              .flatMap(table -> table.reason().stream())
              .distinct()
              .collect(Collectors.joining(", "));
      screen.say(
          Glyph.INFO,
          "Staying home: "
              + names(home)
              + " ("
              + kinds
              + "); see: "
              + session.command("fazt mesh tables"));
    }
    List<TableStatus> refused = plan.in(TableStatus.State.REFUSED);
    for (TableStatus table : refused) {
      if (refused.stream().noneMatch(other -> keepsFor(table, other))) {
        long more = refused.stream().filter(other -> keepsFor(other, table)).count();
        screen.say(
            Glyph.WARNING,
            "Not replicated: "
                + table.name()
                + ": "
                + table.reason().orElse("")
                + (more == 0 ? "" : ", with " + Units.count(more, "table") + " of its own"));
      }
    }
  }

  /** Whether {@code shadow} is one of the tables in which a virtual table keeps its content. */
  private static boolean keepsFor(TableStatus shadow, TableStatus virtual) {
    return shadow.reason().equals(SHADOW) && shadow.name().startsWith(virtual.name() + "_");
  }

  private static String names(List<TableStatus> tables) {
    String names =
        tables.stream().limit(NAMED_MAX).map(TableStatus::name).collect(Collectors.joining(", "));
    int more = tables.size() - NAMED_MAX;
    return more > 0 ? names + " and " + more + " more" : names;
  }

  /** Recommends the write-ahead log where it is off. */
  static void adviseJournal(Session session) {
    String mode = session.wiring().replicas().journalMode(session.database());
    if (!mode.equals(WAL)) {
      String file = session.database().toString();
      session
          .screen()
          .hint(
              Glyph.INFO,
              "Its journal mode is "
                  + mode
                  + ", in which readers and writers block one another; with WAL they do not: sqlite3 "
                  + Session.quoted(file)
                  + " "
                  + Session.quoted("PRAGMA journal_mode = WAL"));
    }
  }
}
