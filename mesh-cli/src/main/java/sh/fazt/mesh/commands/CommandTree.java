package sh.fazt.mesh.commands;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/*
 Reading a command's annotations costs milliseconds, and only one command runs. So where the
 arguments name a command outright, it alone is put into the tree; help, completion and typing
 mistakes get the whole one.
*/
/** All commands and how they hang together. */
final class CommandTree {
  private static final List<String> MESH =
      List.of(
          "init",
          "join",
          "status",
          "sync",
          "verify",
          "leave",
          "invite",
          "peers",
          "remove",
          "recover",
          "role",
          "track",
          "untrack",
          "tables",
          "log",
          "conflicts",
          "allow",
          "explain",
          "doctor",
          "restamp",
          "watch",
          "broadcast",
          "export",
          "import",
          "daemon");
  private static final List<String> IDENTITY = List.of("init", "show", "export", "import");
  private static final List<String> BEACON = List.of("status", "scan", "set-name");

  private CommandTree() {}

  /** The tree for these arguments. */
  static CommandLine of(List<String> arguments, Wiring wiring) {
    if (arguments.size() >= 2) {
      String group = arguments.get(0);
      String name = arguments.get(1);
      if (group.equals("mesh") && MESH.contains(name)) {
        return root().addSubcommand("mesh", group(new Mesh(), List.of(name), wiring));
      }
      if (group.equals("identity") && IDENTITY.contains(name)) {
        return root().addSubcommand("identity", group(new Identity(), List.of(name), wiring));
      }
      if (group.equals("beacon") && BEACON.contains(name)) {
        return root().addSubcommand("beacon", group(new Beacon(), List.of(name), wiring));
      }
    }
    return whole(wiring);
  }

  /** The tree with every command. */
  static CommandLine whole(Wiring wiring) {
    return root()
        .addSubcommand("mesh", group(new Mesh(), MESH, wiring))
        .addSubcommand("beacon", group(new Beacon(), BEACON, wiring))
        .addSubcommand("identity", group(new Identity(), IDENTITY, wiring))
        .addSubcommand("completion", new CommandLine(new CompletionCommand(wiring)));
  }

  private static CommandLine root() {
    return new CommandLine(new Fazt());
  }

  private static CommandLine group(Object group, List<String> names, Wiring wiring) {
    CommandLine line = new CommandLine(group);
    for (String name : names) {
      line.addSubcommand(name, new CommandLine(command(group, name, wiring)));
    }
    return line;
  }

  private static Object command(Object group, String name, Wiring wiring) {
    if (group instanceof Mesh) {
      return mesh(name, wiring);
    }
    return group instanceof Beacon ? beacon(name, wiring) : identity(name, wiring);
  }

  private static Object mesh(String name, Wiring wiring) {
    return switch (name) {
      case "init" -> new InitCommand(wiring);
      case "join" -> new JoinCommand(wiring);
      case "status" -> new StatusCommand(wiring);
      case "sync" -> new SyncCommand(wiring);
      case "verify" -> new VerifyCommand(wiring);
      case "leave" -> new LeaveCommand(wiring);
      case "invite" -> new InviteCommand(wiring);
      case "peers" -> new PeersCommand(wiring);
      case "remove" -> new RemoveCommand(wiring);
      case "recover" -> new RecoverCommand(wiring);
      case "role" -> new RoleCommand(wiring);
      case "track" -> new TrackCommand(wiring);
      case "untrack" -> new UntrackCommand(wiring);
      case "tables" -> new TablesCommand(wiring);
      case "log" -> new LogCommand(wiring);
      case "conflicts" -> new ConflictsCommand(wiring);
      case "allow" -> new AllowCommand(wiring);
      case "explain" -> new ExplainCommand(wiring);
      case "doctor" -> new DoctorCommand(wiring);
      case "restamp" -> new RestampCommand(wiring);
      case "watch" -> new WatchCommand(wiring);
      case "broadcast" -> new BroadcastCommand(wiring);
      case "export" -> new ExportCommand(wiring);
      case "import" -> new ImportCommand(wiring);
      case "daemon" -> new DaemonCommand(wiring);
      default -> throw new AssertionError("unhandled " + name);
    };
  }

  private static Object beacon(String name, Wiring wiring) {
    return switch (name) {
      case "status" -> new BeaconStatusCommand(wiring);
      case "scan" -> new BeaconScanCommand(wiring);
      case "set-name" -> new BeaconNameCommand(wiring);
      default -> throw new AssertionError("unhandled " + name);
    };
  }

  private static Object identity(String name, Wiring wiring) {
    return switch (name) {
      case "init" -> new IdentityInitCommand(wiring);
      case "show" -> new IdentityShowCommand(wiring);
      case "export" -> new IdentityExportCommand(wiring);
      case "import" -> new IdentityImportCommand(wiring);
      default -> throw new AssertionError("unhandled " + name);
    };
  }

  /** {@code fazt} alone. */
  @Command(
      name = "fazt",
      description =
          "Keeps SQLite databases on many machines equal, without a server in the middle.",
      version = Version.LINE,
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  static final class Fazt {}

  /** {@code fazt mesh} alone. */
  @Command(
      name = "mesh",
      description = "One mesh of nodes, each with its own database.",
      version = Version.LINE,
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  static final class Mesh {}

  /** {@code fazt beacon} alone. */
  @Command(
      name = "beacon",
      description = "How nodes find each other on a local network.",
      version = Version.LINE,
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  static final class Beacon {}

  /** {@code fazt identity} alone. */
  @Command(
      name = "identity",
      description = "Who you are to other nodes.",
      version = Version.LINE,
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  static final class Identity {}
}
