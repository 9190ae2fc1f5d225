package sh.fazt.mesh.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What another process says first, if it says it in time. */
final class FirstLine {
  private FirstLine() {}

  /**
   * The line, or null at the end of the stream.
   *
   * @throws TimeoutException if neither came
   */
  static @Nullable String of(BufferedReader said, Duration patience)
      throws IOException, TimeoutException {
    CompletableFuture<String> line = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                line.complete(said.readLine());
              } catch (IOException e) {
                line.completeExceptionally(new UncheckedIOException(e));
              }
            },
            "first-line");
    reader.setDaemon(true);
    reader.start();
    try {
      return line.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
