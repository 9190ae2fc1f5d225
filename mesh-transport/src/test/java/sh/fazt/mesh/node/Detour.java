package sh.fazt.mesh.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/** Another way to a port of this machine: connections to 127.0.0.9 go on from there. */
final class Detour implements AutoCloseable {
  private static final byte[] HOST = {127, 0, 0, 9};

  private final ServerSocket door;
  private final int target;
  private final long answersMax;
  private final AtomicLong answers = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  Detour(int target) throws IOException {
    this(target, Long.MAX_VALUE);
  }

  /**
   * A way on which the answers stop.
   *
   * @param answersMax bytes of answers, on all connections, after which none get through until it
   *     is closed
   */
  Detour(int target, long answersMax) throws IOException {
    this.target = target;
    this.answersMax = answersMax;
    this.door = new ServerSocket(0, 16, InetAddress.getByAddress(HOST));
    begin(this::accept);
  }

  /** Whether answers are being held up. */
  boolean isHolding() {
    return answers.get() > answersMax;
  }

  String address() {
    return "127.0.0.9:" + door.getLocalPort();
  }

  private static void begin(Runnable work) {
    Thread thread = new Thread(work, "detour");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket caller = door.accept();
        open.add(caller);
        Socket called =
            new Socket(InetAddress.getLoopbackAddress(), target, InetAddress.getByAddress(HOST), 0);
        open.add(called);
        begin(() -> pump(caller, called, bytes -> {}));
        begin(() -> pump(called, caller, this::count));
      }
    } catch (IOException e) {
      close();
    }
  }

  private void count(int bytes) {
    if (answers.addAndGet(bytes) > answersMax) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void pump(Socket from, Socket to, IntConsumer count) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8_192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        count.accept(read);
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // Justification: one end closed, which ends the other.
      return;
    }
  }

  @Override
  public void close() {
    try {
      door.close();
      for (Socket socket : open) {
        socket.close();
      }
      closed.countDown();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
