package sh.fazt.mesh.control;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * Lines of UTF-8 over a socket, each of bounded length and bounded time. Confined to one thread,
 * except for {@link #close}.
 */
final class Lines implements Closeable {
  /** The longest line in bytes, either way. */
  static final int LINE_BYTES_MAX = 1 << 20;

  private static final int READ_BYTES = 8192;

  /** A time limit has passed. */
  static final class TimeoutException extends IOException {
    private static final long serialVersionUID = 1L;

    private TimeoutException(Duration limit) {
      super("nothing for " + limit.toMillis() + " ms");
    }
  }

  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer chunk = ByteBuffer.allocate(READ_BYTES).flip();

  Lines(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    selector = Selector.open();
    channel.register(selector, 0);
  }

  /**
   * The next line without its end; empty when the other side is done.
   *
   * @throws MalformedException if a line is too long or broken off
   * @throws TimeoutException if the other side says nothing for {@code silence}
   */
  Optional<String> read(Duration silence) throws IOException, MalformedException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      while (chunk.hasRemaining()) {
        byte next = chunk.get();
        if (next == '\n') {
          return Optional.of(line.toString(StandardCharsets.UTF_8));
        }
        if (line.size() == LINE_BYTES_MAX) {
          throw new MalformedException("a line of more than " + LINE_BYTES_MAX + " bytes");
        }
        line.write(next);
      }
      if (!fill(silence)) {
        if (line.size() > 0) {
          throw new MalformedException("a line without its end, after " + line.size() + " bytes");
        }
        return Optional.empty();
      }
    }
  }

  /**
   * @param line without line breaks
   * @throws TimeoutException if the other side does not read for {@code silence}
   */
  void write(String line, Duration silence) throws IOException, MalformedException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    if (bytes.remaining() > LINE_BYTES_MAX + 1) {
      throw new MalformedException("a line of more than " + LINE_BYTES_MAX + " bytes");
    }
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE, silence);
      }
    }
  }

  /** Whether anything came before the end. */
  private boolean fill(Duration silence) throws IOException {
    chunk.clear();
    int count = channel.read(chunk);
    while (count == 0) {
      await(SelectionKey.OP_READ, silence);
      count = channel.read(chunk);
    }
    chunk.flip();
    return count > 0;
  }

  private void await(int operation, Duration silence) throws IOException {
    SelectionKey key = channel.keyFor(selector);
    if (key == null) {
      throw new IOException("closed");
    }
    key.interestOps(operation);
    boolean ready = selector.select(Math.max(1, silence.toMillis())) > 0;
    if (!selector.isOpen() || !channel.isOpen()) {
      throw new IOException("closed");
    }
    selector.selectedKeys().clear();
    if (!ready) {
      throw new TimeoutException(silence);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    selector.close();
  }
}
