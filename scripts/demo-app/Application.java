import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Stands for Fazt in the demo: an application that knows SQLite and nothing of any mesh. It makes
 * tables, writes rows and reads them, through plain JDBC.
 */
public final class Application {
  private Application() {}

  public static void main(String[] words) throws Exception {
    switch (words[0]) {
      case "port" -> printFreePort();
      case "fill" -> Filling.fill(words[1], Integer.parseInt(words[2]));
      case "edits" -> Edits.together(words[1], words[2]);
      case "offline" -> Edits.apart(words[1], words[2]);
      case "await" -> Comparison.await(words[1], words[2], Integer.parseInt(words[3]));
      case "compare" -> System.exit(Comparison.compare(words[1], words[2]) ? 0 : 1);
      case "plain" -> System.exit(Comparison.plain(words[1]) ? 0 : 1);
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private static void printFreePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      System.out.println(probe.getLocalPort());
    }
  }
}
