package sh.fazt.mesh.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sh.fazt.mesh.bytes.Bytes;

/**
 * The known inputs: the vectors of docs/protocol.md for every target, and for one its own file,
 * with a line of hexadecimal digits for each. What once broke a decoder stays there.
 */
final class Corpus {
  private static final Path PROTOCOL = Path.of("..", "docs", "protocol.md");
  private static final Path FOLDER = Path.of("src", "test", "resources", "fuzz");
  private static final Pattern BLOCK =
      Pattern.compile("^```(hex|text) \\S+\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private Corpus() {}

  static List<Bytes> of(Target target) throws IOException {
    List<Bytes> all = new ArrayList<>(vectors());
    Path file = FOLDER.resolve(target.name() + ".hex");
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (!line.startsWith("#")) {
          all.add(Bytes.fromHex(line.strip()));
        }
      }
    }
    return all;
  }

  private static List<Bytes> vectors() throws IOException {
    List<Bytes> vectors = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(PROTOCOL));
    while (block.find()) {
      String text = block.group(2).replaceAll("\\s", "");
      vectors.add(block.group(1).equals("hex") ? Bytes.fromHex(text) : Bytes.utf8(text));
    }
    return vectors;
  }
}
