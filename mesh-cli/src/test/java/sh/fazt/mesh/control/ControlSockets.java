package sh.fazt.mesh.control;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A daemon's socket in a folder of its own, and all that is opened there. */
abstract class ControlSockets {
  static final Duration SILENCE = Duration.ofSeconds(20);

  ControlAddress address;
  final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void place(@TempDir Path folder) {
    address = ControlAddress.of(folder.resolve("data.db"), Map.of());
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  ControlServer start(ControlHandler handler) {
    ControlServer server = ControlServer.start(address, handler);
    open.add(0, server);
    return server;
  }

  ControlClient connect() {
    ControlClient client = ControlClient.connect(address).orElseThrow();
    open.add(0, client);
    return client;
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
