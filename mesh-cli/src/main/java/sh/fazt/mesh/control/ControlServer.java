package sh.fazt.mesh.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Failure;
import sh.fazt.mesh.output.JsonText;

/**
 * The side of the local API that answers: one thread that accepts and one a connection, at most
 * {@value #CONNECTIONS_MAX}.
 */
public final class ControlServer implements AutoCloseable {
  static final int CONNECTIONS_MAX = 32;

  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
  private static final Duration REFUSAL_SILENCE = Duration.ofSeconds(1);

  private final ControlHandler handler;
  private final ServerSocketChannel listening;
  private final Path socket;
  private final Set<Conversation> conversations = ConcurrentHashMap.newKeySet();

  private ControlServer(ControlHandler handler, ServerSocketChannel listening, Path socket) {
    this.handler = handler;
    this.listening = listening;
    this.socket = socket;
  }

  /**
   * Listens at {@code address}. The caller holds the lock of the database, so a socket that is
   * already there was left by a daemon that is gone.
   *
   * @throws MeshException ALREADY_OPEN if something still answers there, FAILURE if it cannot
   *     listen
   */
  public static ControlServer start(ControlAddress address, ControlHandler handler) {
    address.folder().make();
    Path socket = address.socket();
    try {
      removeStale(address);
      ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listening.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      ControlServer server = new ControlServer(handler, listening, socket);
      daemonThread("control", server::accept).start();
      return server;
    } catch (IOException e) {
      throw new MeshException(
          ErrorCode.FAILURE, "cannot listen at " + socket + ": " + e.getMessage(), null, e);
    }
  }

  private static void removeStale(ControlAddress address) throws IOException {
    Path socket = address.socket();
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (ControlClient.connect(address).map(ControlServer::answers).orElse(false)) {
      throw new MeshException(
          ErrorCode.ALREADY_OPEN, "another daemon answers at " + socket, "fazt mesh status");
    }
    Files.delete(socket);
  }

  private static boolean answers(ControlClient client) {
    client.close();
    return true;
  }

  private void accept() {
    while (listening.isOpen()) {
      try {
        open(listening.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("control socket: {}", e.toString());
      }
    }
  }

  private void open(SocketChannel channel) throws IOException {
    if (conversations.size() >= CONNECTIONS_MAX) {
      LOG.warn("control socket: more than {} connections", CONNECTIONS_MAX);
      turnAway(channel);
      return;
    }
    Conversation conversation = new Conversation(new Lines(channel), handler);
    conversations.add(conversation);
    daemonThread(
            "control-" + conversations.size(),
            () -> {
              try {
                conversation.run();
              } finally {
                conversations.remove(conversation);
              }
            })
        .start();
  }

  /** Says why before anything is asked; so short a line does not wait for its reader. */
  private void turnAway(SocketChannel channel) throws IOException {
    Failure why =
        new Failure(
            ErrorCode.TOO_MANY,
            "the daemon at " + socket + " has " + CONNECTIONS_MAX + " connections already",
            Optional.of("End a command that still runs for it, as a watch, then try again"));
    try (channel;
        Lines lines = new Lines(channel)) {
      lines.write(JsonText.compact(why.json()), REFUSAL_SILENCE);
    } catch (MalformedException e) {
      throw new IllegalStateException("our own refusal", e);
    }
  }

  private static Thread daemonThread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Ends all conversations, each after the answer that it is giving if that comes soon, and removes
   * the socket.
   */
  @Override
  public void close() {
    try {
      listening.close();
      long deadlineNanos =
          System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Conversation.ANSWER_MILLIS_MAX);
      conversations.forEach(Conversation::endSoon);
      for (Conversation conversation : conversations) {
        conversation.end(deadlineNanos);
      }
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      LOG.warn("control socket: {}", e.toString());
    }
  }
}
