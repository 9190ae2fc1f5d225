package sh.fazt.mesh.commands;

import java.io.PrintStream;
import java.time.Duration;
import picocli.CommandLine.Command;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/** {@code fazt mesh watch}. */
@Command(
    name = "watch",
    description = {
      "Print what happens as it happens, one JSON object a line: peers that come and go,",
      "rows that travel, and what other members broadcast. Ends on Ctrl-C."
    })
final class WatchCommand extends MeshCommand {
  /** The daemon says something every few seconds, if only that it is there. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  WatchCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    session.existingDatabase();
    Printing printing = new Printing(session);
    try (ControlClient daemon = session.runningDaemon()) {
      daemon.call("watch", Json.object(), printing, SILENCE);
    } catch (ReaderGoneException e) {
      return OK;
    }
    throw new MeshException(
        ErrorCode.DAEMON_NOT_RUNNING, "the daemon has ended", "fazt mesh daemon --detach");
  }

  /** Nobody reads what is printed any more, as after {@code | head -1}. */
  private static final class ReaderGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Printing implements Notes {
    private final Session session;
    private boolean begun;

    Printing(Session session) {
      this.session = session;
    }

    @Override
    public void progress(Json.Obj state) {
      if (!begun) {
        begun = true;
        session.screen().hint(Glyph.INFO, "Watching; Ctrl-C ends it");
      }
      requireReader();
    }

    @Override
    public void event(Json.Obj event) {
      session.wiring().out().println(JsonText.printable(event));
      requireReader();
    }

    private void requireReader() {
      PrintStream out = session.wiring().out();
      if (out.checkError()) {
        throw new ReaderGoneException();
      }
    }
  }
}
