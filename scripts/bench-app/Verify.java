import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reports what {@code fazt mesh verify --json} said of one equal peer. */
public final class Verify {
  private static final double BAR_SECONDS = 1;
  private static final long BAR_BYTES = 4_096;

  private Verify() {}

  /** {@code NAME [--json]}, with the answer on standard input. */
  public static void main(String[] arguments) throws Exception {
    List<String> words = List.of(arguments);
    String answer = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    if (!answer.contains("\"equal\"")) {
      throw new IllegalStateException("not equal: " + answer);
    }
    double seconds = number(answer, "duration_ms") / 1000.0;
    long bytes = number(answer, "bytes");
    boolean met = seconds <= BAR_SECONDS && bytes <= BAR_BYTES;
    String pattern =
        words.contains("--json")
            ? "{\"name\":\"verify %s\",\"rows\":%d,\"figure\":%.2f,\"unit\":\"s\",\"bytes\":%d,\"bar\":1,\"met\":%b}%n"
            : "verify %-6s %,d rows  %6.2f s  %d bytes   bar 1 s, 4096 bytes   met %b%n";
    System.out.printf(
        Locale.ROOT, pattern, words.get(0), number(answer, "rows"), seconds, bytes, met);
  }

  private static long number(String answer, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\": ?([0-9]+)").matcher(answer);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + name + " in " + answer);
    }
    return Long.parseLong(matcher.group(1));
  }
}
