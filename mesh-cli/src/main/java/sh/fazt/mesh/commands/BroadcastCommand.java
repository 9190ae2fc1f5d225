package sh.fazt.mesh.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.gossip.MessageLimits;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh broadcast}. */
@Command(
    name = "broadcast",
    description = {
      "Say something to the applications of all other members that can be reached now.",
      "It is signed and stored nowhere. They hear it with fazt mesh watch."
    })
final class BroadcastCommand extends MeshCommand {
  /** As many white space as a person may want, and no more. */
  static final int CHARACTERS_MAX = 256 << 10;

  @Parameters(
      paramLabel = "JSON",
      description = "One JSON value of at most 16 KiB; - reads it from standard input.")
  private String words = "";

  BroadcastCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj params =
        Json.object().with("payload", checked(words.equals("-") ? read(session) : words));
    session.existingDatabase();
    Json.Obj result;
    try (ControlClient daemon = session.runningDaemon()) {
      result = daemon.call("broadcast", params, Notes.NONE, Session.ANSWER_SILENCE);
    }
    session.screen().answer(result, () -> show(session.screen(), result.whole("peers")));
    session.screen().hint("Next: " + session.command("fazt mesh watch"));
    return OK;
  }

  private static void show(Screen screen, long peers) {
    if (peers == 0) {
      screen.say(Glyph.OFF, "no peer is connected, so nobody hears it");
    } else {
      screen.say(Glyph.DONE, "Sent to " + Units.count(peers, "connected peer"));
    }
  }

  private static String read(Session session) {
    char[] text = new char[CHARACTERS_MAX + 1];
    int size = 0;
    try {
      int more = session.wiring().in().read(text, 0, text.length);
      while (more > 0) {
        size += more;
        more = session.wiring().in().read(text, size, text.length - size);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("standard input: " + e.getMessage(), e);
    }
    return new String(text, 0, size);
  }

  /** The value without white space. */
  private static String checked(String text) {
    if (text.length() > CHARACTERS_MAX) {
      throw tooLarge(
          "more than " + Units.count(CHARACTERS_MAX) + " characters", ", white space aside");
    }
    String compact;
    try {
      compact = JsonText.compact(JsonText.parse(text));
    } catch (MalformedException e) {
      throw new MeshException(
          ErrorCode.JSON_MALFORMED,
          "that is no JSON value: " + e.getMessage(),
          "fazt mesh broadcast '{\"deploy\":\"blog\"}'",
          e);
    }
    int bytes = compact.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MessageLimits.BROADCAST_BYTES_MAX) {
      throw tooLarge(Units.count(bytes) + " bytes", "");
    }
    return compact;
  }

  private static MeshException tooLarge(String size, String aside) {
    return new MeshException(
        ErrorCode.TOO_LARGE,
        "a broadcast of "
            + size
            + " is too large; it may have "
            + Units.count(MessageLimits.BROADCAST_BYTES_MAX)
            + " bytes"
            + aside,
        "Write it to a table, and broadcast its key");
  }
}
