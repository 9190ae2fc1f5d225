package sh.fazt.mesh.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls when a database file or its write-ahead log is written. A call is a hint: it may be one of
 * our own writes, and where the system gives no events there is none.
 */
final class FileWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatcher.class);

  private final WatchService service;
  private final Path database;
  private final Runnable wake;

  private FileWatcher(WatchService service, Path database, Runnable wake) {
    this.service = service;
    this.database = database;
    this.wake = wake;
  }

  /**
   * @param wake called on the watcher's own thread; must not block
   */
  static FileWatcher start(Path database, Runnable wake) {
    try {
      Path folder = database.toAbsolutePath().resolveSibling(".").normalize();
      WatchService service = folder.getFileSystem().newWatchService();
      folder.register(
          service, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
      FileWatcher watcher = new FileWatcher(service, database, wake);
      Thread thread = new Thread(watcher::watch, "mesh-watch");
      thread.setDaemon(true);
      thread.start();
      return watcher;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void watch() {
    String file = database.getFileName().toString();
    String log = file + "-wal";
    try {
      while (true) {
        WatchKey key = service.take();
        boolean ours = false;
        for (WatchEvent<?> event : key.pollEvents()) {
          String name = String.valueOf(event.context());
          ours |= event.context() == null || name.equals(file) || name.equals(log);
        }
        if (ours) {
          wake.run();
        }
        if (!key.reset()) {
          LOG.warn("the folder of {} is gone; falling back to polling", database);
          return;
        }
      }
    } catch (ClosedWatchServiceException e) {
      LOG.debug("watching ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      LOG.warn("cannot end watching", e);
    }
  }
}
