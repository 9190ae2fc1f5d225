package sh.fazt.mesh.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.Recovery;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Question;
import sh.fazt.mesh.output.Screen;

/** {@code fazt mesh recover}. */
@Command(
    name = "recover",
    description = {
      "Replace your key, when it was lost or stolen, with the 24 recovery words of the mesh.",
      "They are read from the terminal or standard input. This node goes on under the new key; your"
          + " other nodes are removed for good unless --keep names them."
    },
    footer = {"", "Example: fazt mesh recover --keep vps --keep nas"})
final class RecoverCommand extends MeshCommand {
  @Option(
      names = "--keep",
      paramLabel = "PEER",
      description = "Another node of yours that goes on; may be repeated.")
  private List<String> keep = List.of();

  @Option(names = "--keep-all", description = "All your nodes go on: the key was lost, not stolen.")
  private boolean keepAll;

  @Option(names = "--yes", description = "Ask nothing.")
  private boolean yes;

  @Mixin private final PhraseOptions phrase = new PhraseOptions();

  RecoverCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Screen screen = session.screen();
    String typed = typed(session);
    Path database = session.existingDatabase();
    phrase.check(screen, typed);
    if (!yes) {
      Question.requireSomebody(screen, typed);
    }
    RecoverRequest request = new RecoverRequest(database, words(session), choice());
    Json.Obj plan = session.wiring().replicas().recovery(request);
    Optional<Persona> present = ownOrNone(plan, session, typed);
    if (!yes && !session.confirms(new Question(question(plan), false))) {
      screen.hint(Glyph.SKIPPED, "Nothing was changed.");
      return OK;
    }
    Optional<RecoveryPhrase> next = phrase.draw(session.wiring());
    Json.Obj answer = carryOut(session, new Signed(plan.text("name"), request, next), present);
    Json.Obj result = plan.with("daemon_running", answer.flag("daemon_running"));
    screen.answer(result, () -> show(screen, result));
    next.ifPresent(words -> phrase.show(session, words));
    screen.hint(
        Glyph.INFO,
        "Destroy the paper with the old words. On your other machines: "
            + session.command("fazt identity import FILE --replace"));
    screen.hint("Next: " + session.command("fazt identity export --output FILE"));
    return OK;
  }

  private String typed(Session session) {
    Retyped typed = new Retyped("fazt mesh recover");
    for (String peer : keep) {
      typed = typed.with("--keep", Optional.of(peer));
    }
    return session.command(typed.words() + (keepAll ? " --keep-all" : ""));
  }

  private Recovery.Choice choice() {
    return keepAll ? new Recovery.Choice.All() : new Recovery.Choice.Named(Set.copyOf(keep));
  }

  /** They may stand on one line or on several, as they were shown. */
  private static RecoveryPhrase words(Session session) {
    if (session.wiring().terminal().in()) {
      session.screen().ask("The 24 recovery words:");
    }
    StringBuilder typed = new StringBuilder();
    try {
      String line = session.wiring().in().readLine();
      while (line != null && typed.length() <= RecoveryPhrase.CHARACTERS_MAX) {
        typed.append(line).append('\n');
        boolean whole = RecoveryPhrase.wordsIn(typed.toString()).size() >= RecoveryPhrase.WORDS;
        line = whole || line.isBlank() ? null : session.wiring().in().readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the words: " + e.getMessage(), e);
    }
    return RecoveryPhrase.parse(typed.toString());
  }

  /**
   * The persona that is on this machine, if it is the one whose key is replaced.
   *
   * @throws MeshException ALREADY_INITIALIZED if it is another
   */
  private static Optional<Persona> ownOrNone(Json.Obj plan, Session session, String typed) {
    Personas personas = Personas.of(session.wiring());
    Optional<Persona> present = Persona.load(personas.folder());
    present
        .filter(found -> !found.key().verifyKey().value().hex().equals(plan.text("public_key")))
        .ifPresent(
            other -> {
              throw new MeshException(
                  ErrorCode.ALREADY_INITIALIZED,
                  "there is another persona here, "
                      + other.name()
                      + ", in "
                      + personas.file()
                      + "; the new key goes into a folder of its own",
                  "FAZT_HOME=FOLDER " + typed);
            });
    return present;
  }

  private static String question(Json.Obj plan) {
    String removed = names(plan, "removed");
    return "Replace the key of "
        + plan.text("name")
        + "? "
        + (plan.objects("kept").isEmpty() ? "No node goes on" : "Goes on: " + names(plan, "kept"))
        + ". "
        + (removed.isEmpty() ? "No node is removed." : "Removed for good: " + removed + ".");
  }

  private static String names(Json.Obj plan, String which) {
    return plan.objects(which).stream()
        .map(node -> node.text("name"))
        .collect(Collectors.joining(", "));
  }

  /**
   * What is to be signed.
   *
   * @param name of the persona
   * @param nextWords which may replace the new key
   */
  private record Signed(String name, RecoverRequest request, Optional<RecoveryPhrase> nextWords) {}

  /** The new key is in its file before anybody hears of it; if nobody can, the old one returns. */
  private static Json.Obj carryOut(Session session, Signed what, Optional<Persona> present) {
    Path folder = Personas.of(session.wiring()).folder();
    Persona next = Persona.create(what.name(), session.wiring().chance());
    String signed = session.wiring().replicas().rotation(what.request(), next, what.nextWords());
    if (present.isPresent()) {
      next.replaceIn(folder);
    } else {
      next.save(folder);
    }
    try {
      return session.ask("recover", Json.object().with("operation", signed));
    } catch (MeshException e) {
      present.ifPresent(before -> before.replaceIn(folder));
      throw e;
    }
  }

  private static void show(Screen screen, Json.Obj result) {
    screen.say(Glyph.DONE, "Replaced the key of " + result.text("name"));
    Set<String> removed = new TreeSet<>();
    result.objects("removed").forEach(node -> removed.add(node.text("name")));
    if (!removed.isEmpty()) {
      screen.say(Glyph.DONE, "Removed " + String.join(", ", removed) + " for good");
    }
    screen.say(
        Glyph.INFO,
        result.flag("daemon_running")
            ? "Nodes that are connected hear of it now, the others at their next contact"
            : "The other nodes hear of it once the daemon runs here");
  }
}
