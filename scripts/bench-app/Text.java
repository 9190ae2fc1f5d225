import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.crdt.text.MergedText;
import sh.fazt.mesh.crdt.text.Writer;

/**
 * Replays the edits of one long document, a character each, into a merging text, and each delta
 * into a second one; before that, into a plain buffer. The edits are drawn: bursts of typing and of
 * deleting, with jumps between them. CPU time is the whole process's, compiler and collector too.
 */
public final class Text {
  private static final int INSERTS = 182_315;
  private static final int DELETES = 77_463;
  private static final int BURST_MEAN = 14;
  private static final double BAR_SECONDS = 2;
  private static final double BAR_STATE_KB = 260;
  private static final double BAR_DELTA_BYTES = 20;
  private static final String LETTERS = "etaoin shrdlu cmfwyp vbgkjq xz, . ETA\n";

  private Text() {}

  /**
   * One key pressed.
   *
   * @param inserted the character, or 0 where the one at this place is deleted
   */
  private record Stroke(int at, char inserted) {}

  /** {@code [--json]}. */
  public static void main(String[] arguments) throws Exception {
    boolean json = List.of(arguments).contains("--json");
    Stroke[] strokes = strokes(new Random(1));
    double start = cpuSeconds();
    String plain = replay(strokes);
    double plainSeconds = cpuSeconds() - start;
    MergedText here = MergedText.of("");
    MergedText there = MergedText.of("");
    start = cpuSeconds();
    int largest = replay(strokes, here, there);
    double seconds = cpuSeconds() - start;
    if (!here.text().equals(plain) || !there.text().equals(plain)) {
      throw new IllegalStateException("the texts differ");
    }
    Bytes state = there.encode();
    if (!MergedText.decode(state).encode().equals(here.encode())) {
      throw new IllegalStateException("the states differ");
    }
    report("text, both", "s", new double[] {seconds, plainSeconds, BAR_SECONDS}, json);
    double[] sizes = {state.size() / 1000.0, Bytes.utf8(plain).size() / 1000.0, BAR_STATE_KB};
    report("text, state", "KB", sizes, json);
    report("text, delta", "B", new double[] {largest, 1, BAR_DELTA_BYTES}, json);
  }

  private static String replay(Stroke[] strokes) {
    StringBuilder plain = new StringBuilder();
    for (Stroke stroke : strokes) {
      if (stroke.inserted() == 0) {
        plain.deleteCharAt(stroke.at());
      } else {
        plain.insert(stroke.at(), stroke.inserted());
      }
    }
    return plain.toString();
  }

  /** The size of the largest delta. */
  private static int replay(Stroke[] strokes, MergedText here, MergedText there)
      throws MalformedException {
    Writer writer = new Writer(0x5eed_5eed_5eed_5eedL, 0);
    int largest = 0;
    for (Stroke stroke : strokes) {
      Bytes delta =
          stroke.inserted() == 0
              ? here.edit(writer, stroke.at(), 1, "")
              : here.edit(writer, stroke.at(), 0, String.valueOf(stroke.inserted()));
      there.merge(delta);
      largest = Math.max(largest, delta.size());
    }
    return largest;
  }

  private static Stroke[] strokes(Random random) {
    Stroke[] strokes = new Stroke[INSERTS + DELETES];
    int inserts = INSERTS;
    int length = 0;
    int cursor = 0;
    for (int i = 0; i < strokes.length; ) {
      cursor = jumped(cursor, length, random);
      boolean types = cursor == 0 || random.nextInt(strokes.length - i) < inserts;
      int burst = 1 + (int) (-Math.log(1 - random.nextDouble()) * BURST_MEAN);
      int most = types ? inserts : Math.min(cursor, strokes.length - i - inserts);
      for (int j = Math.min(burst, most); j > 0; j--) {
        char inserted = types ? LETTERS.charAt(random.nextInt(LETTERS.length())) : 0;
        cursor += types ? 0 : -1;
        strokes[i++] = new Stroke(cursor, inserted);
        cursor += types ? 1 : 0;
        inserts -= types ? 1 : 0;
        length += types ? 1 : -1;
      }
    }
    return strokes;
  }

  /** Where the next burst begins: mostly here or near. */
  private static int jumped(int cursor, int length, Random random) {
    int draw = random.nextInt(10);
    if (draw < 4) {
      return cursor;
    }
    int place =
        draw < 9 ? cursor + (int) (random.nextGaussian() * 200) : random.nextInt(length + 1);
    return Math.max(0, Math.min(length, place));
  }

  private static double cpuSeconds() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }

  /**
   * @param figures the figure, that of the plain text, and the bar
   */
  private static void report(String name, String unit, double[] figures, boolean json) {
    String pattern =
        json
            ? "{\"name\":\"%s\",\"figure\":%.2f,\"unit\":\"%s\",\"baseline\":%.2f,\"ratio\":%.1f,"
                + "\"bar\":%.0f,\"met\":%b}%n"
            : "%-12s  %6.2f %-2s   plain text %6.2f   ratio %6.1f   bar %3.0f   met %b%n";
    System.out.printf(
        Locale.ROOT,
        pattern,
        name,
        figures[0],
        unit,
        figures[1],
        figures[0] / figures[1],
        figures[2],
        figures[0] <= figures[2]);
  }
}
