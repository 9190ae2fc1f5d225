package sh.fazt.mesh.control;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Failure;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/** One client of the local API: its requests, one after the other. Runs on a thread of its own. */
final class Conversation implements Runnable, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
  private static final Duration REQUEST_SILENCE = Duration.ofMinutes(5);
  private static final Duration WRITE_SILENCE = Duration.ofSeconds(10);

  /** How long a server that closes waits for all the answers that are being given. */
  static final long ANSWER_MILLIS_MAX = 2_000;

  private final Lines lines;
  private final ControlHandler handler;
  private final Lock answering = new ReentrantLock();
  private volatile boolean over;

  Conversation(Lines lines, ControlHandler handler) {
    this.lines = lines;
    this.handler = handler;
  }

  @Override
  public void run() {
    try (this) {
      Optional<String> line = lines.read(REQUEST_SILENCE);
      while (line.isPresent()) {
        respond(line.get());
        line = lines.read(REQUEST_SILENCE);
      }
    } catch (MalformedException e) {
      LOG.warn("control socket: {}", e.getMessage());
    } catch (IOException e) {
      LOG.debug("control socket: {}", e.toString());
    }
  }

  private void respond(String line) throws IOException, MalformedException {
    answering.lock();
    try {
      write(answer(line));
    } finally {
      answering.unlock();
    }
  }

  private Json.Obj answer(String line) throws MalformedException {
    if (!(JsonText.parse(line) instanceof Json.Obj request)) {
      throw new MalformedException("a request that is no object");
    }
    try {
      return Json.object()
          .with("data", handler.handle(request.text("method"), request.object("params"), notes()));
    } catch (MeshException e) {
      return Failure.of(e).json();
    } catch (RuntimeException e) {
      LOG.error("control socket: {} failed", request.text("method"), e);
      return new Failure(ErrorCode.FAILURE, "internal error: " + e, Optional.empty()).json();
    }
  }

  private Notes notes() {
    return new Notes() {
      @Override
      public void progress(Json.Obj state) {
        tell(Json.object().with("progress", state));
      }

      @Override
      public void event(Json.Obj event) {
        tell(Json.object().with("event", event));
      }

      @Override
      public boolean isOpen() {
        return !over;
      }
    };
  }

  private void tell(Json.Obj line) {
    try {
      write(line);
    } catch (IOException | MalformedException e) {
      over = true;
      LOG.debug("control socket: {}", e.toString());
    }
  }

  private void write(Json.Obj reply) throws IOException, MalformedException {
    lines.write(JsonText.compact(reply), WRITE_SILENCE);
  }

  /** Has whoever goes on telling end. */
  void endSoon() {
    over = true;
  }

  /**
   * Closes the connection, after the answer that is being given if it is there in time.
   *
   * @param deadlineNanos of {@link System#nanoTime}
   */
  void end(long deadlineNanos) throws IOException {
    endSoon();
    boolean free = false;
    try {
      free = answering.tryLock(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (free) {
        answering.unlock();
      }
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
