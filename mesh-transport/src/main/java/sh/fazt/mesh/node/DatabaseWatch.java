package sh.fazt.mesh.node;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that blocks until the database file or its WAL is written, and says so. A sign, not a
 * proof: a write may be our own, and where the system cannot watch files there is no sign at all.
 */
final class DatabaseWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseWatch.class);

  private final Set<String> names;
  private final Runnable wake;
  private final WatchService service;

  private DatabaseWatch(Path database, Runnable wake, WatchService service) {
    String name = String.valueOf(database.getFileName());
    this.names = Set.of(name, name + "-wal");
    this.wake = wake;
    this.service = service;
  }

  /**
   * Begins to watch.
   *
   * @param wake called on the watching thread; must not block
   */
  static AutoCloseable start(Path database, Runnable wake) {
    Path file = database.toAbsolutePath();
    Path folder = file.getParent();
    if (folder == null) {
      throw new IllegalArgumentException("no file: " + database);
    }
    try {
      WatchService service = folder.getFileSystem().newWatchService();
      folder.register(
          service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      DatabaseWatch watch = new DatabaseWatch(file, wake, service);
      Thread thread = new Thread(watch::run, "mesh-watch");
      thread.setDaemon(true);
      thread.start();
      return watch;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("cannot watch {}, it is polled instead: {}", folder, e.toString());
      return () -> {};
    }
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.take();
        if (concernsUs(key)) {
          wake.run();
        }
        if (!key.reset()) {
          LOG.warn("the folder of the database is gone; it is polled instead");
          return;
        }
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      LOG.debug("watching ends: {}", e.toString());
    }
  }

  private boolean concernsUs(WatchKey key) {
    boolean concerns = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      concerns |=
          event.kind().equals(StandardWatchEventKinds.OVERFLOW)
              || names.contains(String.valueOf(event.context()));
    }
    return concerns;
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
