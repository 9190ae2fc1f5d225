package sh.fazt.mesh.commands;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;
import sh.fazt.mesh.roster.Role;

/** {@code fazt mesh invite}. */
@Command(name = "invite", description = "Let one more machine join: prints what to run there.")
final class InviteCommand extends MeshCommand {
  /** Stands for the invite that was made last. */
  private static final String LATEST = "latest";

  @Option(
      names = {"-q", "--quiet"},
      description = "Print the token alone.")
  private boolean quiet;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "15m",
      converter = Durations.class,
      description = "How long it can be used (default: ${DEFAULT-VALUE}).")
  private Duration ttl = Duration.ofMinutes(15);

  @Option(
      names = "--revoke",
      arity = "0..1",
      fallbackValue = LATEST,
      paramLabel = "ID",
      description = "Cancel an invite, the latest where none is named.")
  private Optional<String> revoked = Optional.empty();

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      converter = Roles.class,
      description = "What the node may do: full, read or relay (default: full).")
  private Role role = Role.FULL;

  @Option(
      names = "--url",
      paramLabel = "https://HOST:PORT",
      description = "Where the other machine reaches this one.")
  private Optional<String> url = Optional.empty();

  InviteCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    return revoked.isPresent() ? revoke(session, revoked.get()) : invite(session);
  }

  private int invite(Session session) {
    Json.Obj params = Json.object().with("ttl_ms", ttl.toMillis()).with("role", role.toString());
    Optional<String> address = url.map(InviteUrl::parse).map(InviteUrl::toString);
    Json.Obj answer =
        session.ask("invite", address.map(where -> params.with("url", where)).orElse(params));
    Json.Obj invite = answer.object("invite");
    Screen screen = session.screen();
    screen.answer(answer, () -> show(session, invite));
    if (!quiet && !answer.flag("daemon_running")) {
      screen.hint(
          Glyph.INFO,
          "Nobody can join before the daemon runs: "
              + session.command("fazt mesh daemon --detach"));
    }
    return OK;
  }

  private void show(Session session, Json.Obj invite) {
    Screen screen = session.screen();
    if (quiet) {
      screen.say(invite.text("token"));
      return;
    }
    screen.say("On the other machine, run:");
    screen.say("");
    screen.say("  fazt mesh join " + invite.text("url") + " --token " + invite.text("token"));
    screen.say("");
    screen.say(
        "One use, expires in "
            + Units.words(ttl.toMillis())
            + ".   Cancel: "
            + session.command("fazt mesh invite --revoke " + invite.text("id")));
  }

  private static int revoke(Session session, String id) {
    Json.Obj params = id.equals(LATEST) ? Json.object() : Json.object().with("id", id);
    Json.Obj answer = session.ask("revoke", params);
    session
        .screen()
        .answer(
            answer,
            () -> session.screen().say(Glyph.DONE, "Cancelled invite " + answer.text("revoked")));
    session.screen().hint("Next: " + session.command("fazt mesh invite"));
    return OK;
  }
}
