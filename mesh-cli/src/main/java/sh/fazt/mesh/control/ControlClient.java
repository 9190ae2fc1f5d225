package sh.fazt.mesh.control;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Failure;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/** The side of the local API that asks. Confined to one thread. */
public final class ControlClient implements Closeable {
  private static final Duration WRITE_SILENCE = Duration.ofSeconds(10);

  private final Lines lines;

  private ControlClient(Lines lines) {
    this.lines = lines;
  }

  /**
   * A connection to the daemon of a database; empty if none is running.
   *
   * @throws MeshException FAILURE if somebody else could have put the socket there
   */
  public static Optional<ControlClient> connect(ControlAddress address) {
    if (!address.folder().check() || !Files.exists(address.socket())) {
      return Optional.empty();
    }
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(address.socket()));
        return Optional.of(new ControlClient(new Lines(channel)));
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (ConnectException e) {
      return Optional.empty();
    } catch (SocketException e) {
      // The JDK reports a refused connection on such a socket with either class.
      return Optional.empty();
    } catch (IOException e) {
      throw new MeshException(
          ErrorCode.FAILURE,
          "cannot reach the daemon at " + address.socket() + ": " + e.getMessage(),
          null,
          e);
    }
  }

  /**
   * Asks and waits for the answer.
   *
   * @param silence how long the daemon may say nothing at all
   * @throws MeshException what the daemon answered, or TIMEOUT, or FAILURE if it broke off
   */
  public Json.Obj call(String method, Json.Obj params, Notes notes, Duration silence) {
    try {
      Json.Obj request = Json.object().with("method", method).with("params", params);
      lines.write(JsonText.compact(request), WRITE_SILENCE);
      while (true) {
        String line =
            lines.read(silence).orElseThrow(() -> new IOException("it closed the connection"));
        if (!(JsonText.parse(line) instanceof Json.Obj reply)) {
          throw new MalformedException("a reply that is no object");
        }
        if (reply.has("data")) {
          return reply.object("data");
        }
        if (reply.has("error")) {
          throw Failure.read(reply.object("error"));
        }
        if (reply.has("progress")) {
          notes.progress(reply.object("progress"));
        } else if (reply.has("event")) {
          notes.event(reply.object("event"));
        }
      }
    } catch (Lines.TimeoutException e) {
      throw new MeshException(
          ErrorCode.TIMEOUT,
          "the daemon did not answer to " + method + " for " + silence.toSeconds() + " s",
          null,
          e);
    } catch (IOException | MalformedException e) {
      throw new MeshException(
          ErrorCode.FAILURE,
          "the daemon did not answer to " + method + ": " + e.getMessage(),
          null,
          e);
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new MeshException(ErrorCode.FAILURE, "cannot hang up: " + e.getMessage(), null, e);
    }
  }
}
