package sh.fazt.mesh.frame;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The test vectors of docs/protocol.md: the blocks that are marked hex or text and have a name. */
public final class ProtocolDocument {
  private static final Path FILE = Path.of("..", "docs", "protocol.md");
  private static final Pattern BLOCK =
      Pattern.compile("^```(?:hex|text) (\\S+)\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private ProtocolDocument() {}

  /** Each vector by its name, without white space. */
  public static Map<String, String> vectors() {
    try {
      Map<String, String> vectors = new LinkedHashMap<>();
      Matcher block = BLOCK.matcher(Files.readString(FILE));
      while (block.find()) {
        if (vectors.put(block.group(1), block.group(2).replaceAll("\\s", "")) != null) {
          throw new IllegalStateException("two vectors are called " + block.group(1));
        }
      }
      return vectors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The vector of that name. */
  public static String vector(String name) {
    String vector = vectors().get(name);
    if (vector == null) {
      throw new IllegalStateException(FILE + " has no vector " + name);
    }
    return vector;
  }
}
