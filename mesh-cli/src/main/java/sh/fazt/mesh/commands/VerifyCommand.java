package sh.fazt.mesh.commands;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Json;

/** {@code fazt mesh verify}. */
@Command(
    name = "verify",
    description = {
      "Prove that this node and its peers hold the same, row by row.",
      "With --repair, rows damaged here show again what their signed changes say."
    })
final class VerifyCommand extends MeshCommand {
  private static final Duration GRACE = Duration.ofSeconds(10);

  @Parameters(
      arity = "0..1",
      paramLabel = "PEER",
      description = "A name or an id (default: every peer).")
  private Optional<String> peer = Optional.empty();

  @Option(
      names = "--repair",
      description = "Mend rows that are damaged here, from this node's own signed change log.")
  private boolean repair;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Durations.class,
      description = "Give a peer up after this long (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofSeconds(60);

  VerifyCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    session.existingDatabase();
    Json.Obj params = Json.object().with("timeout_ms", timeout.toMillis()).with("repair", repair);
    Json.Obj wish = peer.map(name -> params.with("peer", name)).orElse(params);
    Json.Obj result;
    try (ControlClient daemon = session.runningDaemon()) {
      result = daemon.call("verify", wish, Notes.NONE, timeout.plus(GRACE));
    }
    List<Json.Obj> peers = result.objects("peers");
    requireSomebody(peers);
    session.screen().answer(result, () -> new VerifyView(session, peer.isPresent()).show(peers));
    return exit(peers);
  }

  private static void requireSomebody(List<Json.Obj> peers) {
    List<Json.Obj> away = in(peers, "offline");
    if (!peers.isEmpty() && away.size() == peers.size()) {
      throw new MeshException(
          ErrorCode.PEER_UNREACHABLE, "no peer can be reached: " + names(away), "fazt mesh peers");
    }
  }

  private static int exit(List<Json.Obj> peers) {
    if (!in(peers, "different").isEmpty()) {
      return StatusCommand.DEGRADED;
    } else if (!in(peers, "too_large").isEmpty()) {
      return ErrorCode.FAILURE.exitStatus();
    }
    return in(peers, "unsettled").isEmpty() ? OK : ErrorCode.TIMEOUT.exitStatus();
  }

  private static List<Json.Obj> in(List<Json.Obj> peers, String state) {
    return peers.stream().filter(each -> each.text("state").equals(state)).toList();
  }

  private static String names(List<Json.Obj> peers) {
    return peers.stream().map(each -> each.text("name")).collect(Collectors.joining(", "));
  }
}
