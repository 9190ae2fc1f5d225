package sh.fazt.mesh.schema;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * A row's key as a person types it and reads it, {@code app_7f3k/theme}: its values one after the
 * other. A part may be an SQL literal, {@code 'a/b'}, {@code x'00ff'}; then it is nothing else.
 */
public final class KeyText {
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private final String text;
  private int at;

  private KeyText(String text) {
    this.text = text;
  }

  /** One part: what was typed, and whether as a literal. */
  private record Part(Value value, boolean literal) {}

  /**
   * The keys that {@code text} may mean, the likeliest first: where a column takes values of every
   * kind, a bare number is a number first and a text then.
   *
   * @throws MeshException USAGE if it is no key of the table
   */
  public static List<List<Value>> read(String text, TableShape table) {
    List<Part> parts = new KeyText(text).parts();
    int wanted = table.key().size();
    if (wanted == 1 && parts.stream().noneMatch(Part::literal)) {
      parts = List.of(new Part(Value.of(text), false));
    }
    if (parts.size() != wanted) {
      throw refused(
          "%s has %s, and the key of %s has %s: %s"
              .formatted(
                  text,
                  count(parts.size(), "part"),
                  table.name(),
                  count(wanted, "column"),
                  table.key().stream().map(Column::name).collect(Collectors.joining("/"))));
    }
    List<Value> numbers = new ArrayList<>();
    List<Value> texts = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      Affinity affinity = affinity(table, table.key().get(i));
      Part part = parts.get(i);
      numbers.add(part.literal() ? stored(part.value(), affinity) : bare(part.value(), affinity));
      texts.add(affinity == Affinity.BLOB ? part.value() : numbers.get(i));
    }
    return numbers.equals(texts) ? List.of(numbers) : List.of(numbers, texts);
  }

  /** The key in one word, which {@link #read} takes for this key and no other. */
  public static String write(List<Value> key, TableShape table) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      boolean known = key.size() == table.key().size();
      Affinity affinity = known ? affinity(table, table.key().get(i)) : Affinity.BLOB;
      parts.add(part(key.get(i), affinity, key.size() == 1));
    }
    return String.join("/", parts);
  }

  private static String part(Value value, Affinity affinity, boolean alone) {
    if (value instanceof Value.Text text && text.isWellFormed()) {
      String word = text.utf8().asUtf8();
      boolean plain =
          !word.isEmpty()
              && word.chars().noneMatch(c -> c == '\'' || c < ' ' || (c == '/' && !alone))
              && (affinity == Affinity.TEXT || !NUMBER.matcher(word).matches());
      return plain ? word : SqlText.literal(value);
    }
    return SqlText.literal(value);
  }

  private static Affinity affinity(TableShape table, Column column) {
    boolean any = table.strict() && column.declaredType().equalsIgnoreCase("ANY");
    return any ? Affinity.BLOB : column.affinity();
  }

  /** What a column makes of a literal. */
  private static Value stored(Value literal, Affinity affinity) {
    boolean numeric = affinity != Affinity.TEXT && affinity != Affinity.BLOB;
    return numeric ? number(literal) : literal;
  }

  /** What a word without quotes means in a column. */
  private static Value bare(Value word, Affinity affinity) {
    return affinity == Affinity.TEXT ? word : number(word);
  }

  private static Value number(Value value) {
    if (!(value instanceof Value.Text text)) {
      return value;
    }
    String digits = text.utf8().asUtf8();
    if (WHOLE.matcher(digits).matches()) {
      return Value.of(Long.parseLong(digits));
    }
    if (!NUMBER.matcher(digits).matches()) {
      return value;
    }
    try {
      return Value.of(Long.parseLong(digits));
    } catch (NumberFormatException e) {
      return Value.of(Double.parseDouble(digits));
    }
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    do {
      parts.add(part());
    } while (at++ < text.length());
    return parts;
  }

  /** Reads up to a slash or the end. */
  private Part part() {
    if (text.startsWith("'", at)) {
      return new Part(Value.of(quoted()), true);
    } else if (text.startsWith("x'", at) || text.startsWith("X'", at)) {
      at++;
      return new Part(Value.of(blob(quoted())), true);
    }
    int slash = text.indexOf('/', at);
    int end = slash < 0 ? text.length() : slash;
    String word = text.substring(at, end);
    at = end;
    return new Part(Value.of(word), false);
  }

  private String quoted() {
    StringBuilder content = new StringBuilder();
    int next = at + 1;
    while (next < text.length()) {
      boolean quote = text.charAt(next) == '\'';
      if (quote && !text.startsWith("''", next)) {
        at = next + 1;
        if (at < text.length() && text.charAt(at) != '/') {
          throw refused("behind the quote in " + text + " there should be a / or nothing");
        }
        return content.toString();
      }
      content.append(text.charAt(next));
      next += quote ? 2 : 1;
    }
    throw refused("the quote in " + text + " does not end");
  }

  private Bytes blob(String hex) {
    try {
      return Bytes.wrap(HexFormat.of().parseHex(hex));
    } catch (IllegalArgumentException e) {
      throw refused("x'" + hex + "' is no blob: it takes pairs of hexadecimal digits");
    }
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static MeshException refused(String message) {
    return new MeshException(
        ErrorCode.USAGE,
        message,
        "Put the values of the key one after the other with / between, and quote what holds a /"
            + " or a quote as SQL does: 'a/b'/theme");
  }
}
