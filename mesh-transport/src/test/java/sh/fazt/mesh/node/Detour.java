package sh.fazt.mesh.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Another way to a port of this machine: connections to 127.0.0.9 go on from there. */
final class Detour implements AutoCloseable {
  private static final byte[] HOST = {127, 0, 0, 9};

  private final ServerSocket door;
  private final int target;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  Detour(int target) throws IOException {
    this.target = target;
    this.door = new ServerSocket(0, 16, InetAddress.getByAddress(HOST));
    begin(this::accept);
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
        begin(() -> pump(caller, called));
        begin(() -> pump(called, caller));
      }
    } catch (IOException e) {
      close();
    }
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8_192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
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
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
