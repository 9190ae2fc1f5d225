package sh.fazt.mesh.netty;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds the process that listens on a port, as far as Linux tells this user: {@code /proc/net/tcp}
 * names the socket, {@code /proc/PID/fd} its owner.
 */
final class PortHolder {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTENING = "0A";
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private PortHolder() {}

  static OptionalLong find(int port) {
    try {
      Set<String> sockets = new HashSet<>();
      for (String table : List.of("net/tcp", "net/tcp6")) {
        if (Files.isReadable(PROC.resolve(table))) {
          Files.readAllLines(PROC.resolve(table)).forEach(line -> collect(line, port, sockets));
        }
      }
      return sockets.isEmpty() ? OptionalLong.empty() : holder(sockets);
    } catch (IOException e) {
      // Nobody has to tell; the port is taken all the same.
      return OptionalLong.empty();
    }
  }

  private static void collect(String line, int port, Set<String> sockets) {
    List<String> words = List.of(line.strip().split("\\s+", -1));
    String wanted = String.format(Locale.ROOT, ":%04X", port);
    if (words.size() > INODE
        && words.get(STATE).equals(LISTENING)
        && words.get(LOCAL_ADDRESS).endsWith(wanted)) {
      sockets.add("socket:[" + words.get(INODE) + "]");
    }
  }

  private static OptionalLong holder(Set<String> sockets) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process.resolve("fd"), sockets)) {
          return OptionalLong.of(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return OptionalLong.empty();
  }

  private static boolean holds(Path descriptors, Set<String> sockets) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
      for (Path each : open) {
        if (sockets.contains(Files.readSymbolicLink(each).toString())) {
          return true;
        }
      }
    } catch (IOException e) {
      // Another user's process, or one that has just ended.
      return false;
    }
    return false;
  }
}
