package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import sh.fazt.mesh.control.ControlAddress;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Format;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Question;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;

/** One run of one command: its wiring, its database, its screen. */
final class Session {
  /** How long a daemon may take for what it should answer at once. */
  static final Duration ANSWER_SILENCE = Duration.ofSeconds(30);

  /** How long it may say nothing while it works through very many rows. */
  private static final Duration WORK_SILENCE = Duration.ofMinutes(10);

  private final Wiring wiring;
  private final CommonOptions options;
  private final Screen screen;

  Session(Wiring wiring, CommonOptions options) {
    this.wiring = wiring;
    this.options = options;
    Format format = options.formatFor(wiring.terminal().out());
    this.screen = new Screen(wiring.out(), wiring.err(), wiring.terminal(), format);
  }

  Wiring wiring() {
    return wiring;
  }

  Screen screen() {
    return screen;
  }

  long nowMillis() {
    return wiring.nowMillis().getAsLong();
  }

  /** A time as this person's clock shows it, and how long ago that is. */
  String moment(long millis) {
    return Units.moment(millis, zone()) + " (" + Units.ago(millis, nowMillis()) + ")";
  }

  /** {@code TZ}, else as the machine has it. */
  private ZoneId zone() {
    String name = wiring.environment().getOrDefault("TZ", "");
    try {
      return name.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(name);
    } catch (DateTimeException e) {
      // Justification: TZ may be in POSIX's own form, which Java has read at its start.
      return ZoneId.systemDefault();
    }
  }

  /** {@code --db}, else {@code FAZT_DB_PATH}, else {@code ./data.db}; it need not exist. */
  Path database() {
    String fromEnvironment = wiring.environment().getOrDefault("FAZT_DB_PATH", "");
    return options.database.orElseGet(
        () -> Path.of(fromEnvironment.isEmpty() ? "./data.db" : fromEnvironment));
  }

  /**
   * The same.
   *
   * @throws MeshException NO_DATABASE if there is no such file
   */
  Path existingDatabase() {
    Path database = database();
    MissingDatabase.check(database);
    return database;
  }

  ControlAddress controlAddress() {
    return ControlAddress.of(database(), wiring.environment());
  }

  /** A connection to the daemon, if one is running. */
  Optional<ControlClient> daemon() {
    return ControlClient.connect(controlAddress());
  }

  /**
   * A connection to the daemon.
   *
   * @throws MeshException DAEMON_NOT_RUNNING
   */
  ControlClient runningDaemon() {
    return daemon()
        .orElseThrow(
            () ->
                new MeshException(
                    ErrorCode.DAEMON_NOT_RUNNING,
                    "no daemon is running for " + database(),
                    "fazt mesh daemon --detach"));
  }

  /** The answer of the daemon, or of the database itself where no daemon runs. */
  Json.Obj ask(String method, Json.Obj params) {
    return ask(method, params, Notes.NONE, ANSWER_SILENCE);
  }

  /** As {@link #ask(String, Json.Obj)}, of long work that tells how far it has come. */
  Json.Obj ask(String method, Json.Obj params, Notes notes) {
    return ask(method, params, notes, WORK_SILENCE);
  }

  private Json.Obj ask(String method, Json.Obj params, Notes notes, Duration silence) {
    Path database = existingDatabase();
    Optional<ControlClient> daemon = daemon();
    if (daemon.isPresent()) {
      try (ControlClient client = daemon.get()) {
        return client.call(method, params, notes, silence);
      }
    }
    return wiring
        .replicas()
        .offline(database, Personas.of(wiring)::existing)
        .handle(method, params, notes);
  }

  /** A command line that means this session's database, as this person calls the program. */
  String command(String words) {
    String whole =
        options
            .database
            .filter(database -> words.matches("fazt (mesh|beacon) .*"))
            .filter(database -> !words.contains(" --db") && !words.endsWith(" --help"))
            .map(database -> words + " --db " + quoted(database.toString()))
            .orElse(words);
    return wiring.asCalled(whole);
  }

  /** Whether a person agrees. */
  boolean confirms(Question question) {
    return question.ask(screen, wiring.in());
  }

  /** As a shell takes it. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:@%+=,~-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
