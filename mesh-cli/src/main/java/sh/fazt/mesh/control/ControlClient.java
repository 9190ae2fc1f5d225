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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Failure;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/** The side of the local API that asks. Confined to one thread. */
public final class ControlClient implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlClient.class);
  private static final Duration WRITE_SILENCE = Duration.ofSeconds(10);

  /** How long a daemon that has broken off may take to end. */
  private static final int ENDING_LOOKS_MAX = 20;

  private static final long ENDING_LOOK_MILLIS = 50;

  private final ControlAddress address;
  private final Lines lines;

  private ControlClient(ControlAddress address, Lines lines) {
    this.address = address;
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
        return Optional.of(new ControlClient(address, new Lines(channel)));
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
   * @throws MeshException what the daemon answered, or TIMEOUT, or DAEMON_NOT_RUNNING if it ended
   *     meanwhile, or FAILURE if it broke off
   */
  public Json.Obj call(String method, Json.Obj params, Notes notes, Duration silence) {
    try {
      Json.Obj request = Json.object().with("method", method).with("params", params);
      ask(JsonText.compact(request));
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
      throw brokenOff(method, e);
    }
  }

  private void ask(String request) throws IOException, MalformedException {
    try {
      lines.write(request, WRITE_SILENCE);
    } catch (Lines.TimeoutException e) {
      throw e;
    } catch (IOException e) {
      // A daemon that turns us away hangs up without listening; what it said first can be read.
      LOG.debug("control socket: {}", e.toString());
    }
  }

  private MeshException brokenOff(String method, Exception cause) {
    if (hasEnded()) {
      return new MeshException(
          ErrorCode.DAEMON_NOT_RUNNING,
          "the daemon has ended in the middle of " + method,
          "fazt mesh daemon --detach",
          cause);
    }
    return new MeshException(
        ErrorCode.FAILURE,
        "the daemon did not answer to " + method + ": " + cause.getMessage(),
        null,
        cause);
  }

  /** Whether nobody answers any more; a process that is killed closes one file after the other. */
  private boolean hasEnded() {
    for (int look = 0; look < ENDING_LOOKS_MAX; look++) {
      Optional<ControlClient> other = connect(address);
      if (other.isEmpty()) {
        return true;
      }
      other.get().close();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ENDING_LOOK_MILLIS));
    }
    return false;
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
