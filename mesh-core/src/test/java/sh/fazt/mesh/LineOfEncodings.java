package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes in a line, whose databases keep their text each in its own way. */
abstract class LineOfEncodings {
  static final List<String> NODES = List.of("a", "b", "c");

  /** As SQL that means the same in any encoding. */
  static final List<String> PLAIN =
      List.of(
          "9223372036854775807",
          "-9223372036854775808",
          "9007199254740993",
          "0",
          "-0.0",
          "0.0",
          "1.0",
          "9e999",
          "-9e999",
          "4.9e-324",
          "-2.2250738585072009e-308",
          "2.2250738585072011e-308",
          "0.1",
          "1.7976931348623157e308",
          "9223372036854775808.0",
          "x''",
          "x'00ff'",
          "x'31'",
          "zeroblob(70000)");

  static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "A",
          "a ",
          "a\u0000b",
          "a\u0000B",
          "\u0000",
          "1",
          " 1",
          "1e3",
          "1\u0000",
          "0x10",
          "9223372036854775807",
          "9223372036854775808",
          "h\u00e9llo \uD83D\uDE00",
          "\uFEFFbom",
          "\uFFFE",
          "\uFFFF",
          "\uFFFD",
          "x".repeat(3_000));

  static final List<String> LONE =
      List.of("\uD800", "\uDC00", "x\uDBFF", "\uD800a", "\uDC00\uD800", "\uD800\u0000");

  static final List<String> INVALID =
      List.of("ff", "c328", "31ff", "61c0", "eda080edb080", "f4908080", "6100ff");

  @TempDir Path folder;
  TestNodes nodes;
  List<String> encodings = List.of();

  @BeforeEach
  void setUp() {
    nodes = new TestNodes(folder, 3);
  }

  @AfterEach
  void tearDown() {
    nodes.close();
  }

  /** A line of nodes with the same tables. */
  void line(String encodingsOfAll, String... tables) {
    encodings = List.of(encodingsOfAll.split(" ", -1));
    for (int i = 0; i < NODES.size(); i++) {
      List<String> sql = new ArrayList<>();
      sql.add("PRAGMA encoding = '" + encodings.get(i) + "'");
      sql.addAll(List.of(tables));
      PlainSql app = nodes.database(NODES.get(i), sql.toArray(String[]::new));
      assertThat(app.one("PRAGMA encoding")).isEqualTo(encodings.get(i));
    }
    nodes.found("a");
    nodes.join("b", "a");
    nodes.join("c", "b");
    sync();
  }

  void sync() {
    for (int round = 0; round < 3; round++) {
      nodes.nowMillis += 10;
      nodes.sync("a", "b");
      nodes.sync("b", "c");
    }
  }

  String literal(int node, String text) {
    boolean wide = !encodings.get(node).equals("UTF-8");
    StringBuilder hex = new StringBuilder();
    if (wide) {
      for (int i = 0; i < text.length(); i++) {
        String digits = "%04x".formatted((int) text.charAt(i));
        boolean little = encodings.get(node).endsWith("le");
        hex.append(little ? digits.substring(2) + digits.substring(0, 2) : digits);
      }
    } else {
      text.codePoints().forEach(code -> hex.append(utf8(code)));
    }
    return "CAST(x'" + hex + "' AS TEXT)";
  }

  private static String utf8(int code) {
    if (code < 0xD800 || code > 0xDFFF) {
      StringBuilder hex = new StringBuilder();
      for (byte each : Character.toString(code).getBytes(StandardCharsets.UTF_8)) {
        hex.append("%02x".formatted(each));
      }
      return hex.toString();
    }
    return "%02x%02x%02x"
        .formatted(0xE0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }

  List<String> literals(int node) {
    Stream<String> texts = Stream.of(TEXTS, LONE).flatMap(List::stream);
    return Stream.concat(PLAIN.stream(), texts.map(text -> literal(node, text))).toList();
  }

  /** Rows as class and canonical bytes, whatever the encoding. */
  List<String> exact(int node, String table) {
    String wide = encodings.get(node);
    return nodes.app(NODES.get(node)).exact(table).stream()
        .map(row -> wide.equals("UTF-8") ? row : canonical(row, wide.endsWith("le")))
        .sorted()
        .toList();
  }

  private static String canonical(String row, boolean little) {
    StringBuilder out = new StringBuilder();
    for (String cell : row.split("\\|", -1)) {
      out.append(out.length() == 0 ? "" : "|");
      boolean asText = !cell.startsWith("blob:") && !cell.startsWith("null:");
      out.append(asText ? narrow(cell, little) : cell);
    }
    return out.toString();
  }

  private static String narrow(String cell, boolean little) {
    int start = cell.indexOf('\'') + 1;
    String hex = cell.substring(start, cell.length() - 1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < hex.length(); i += 4) {
      int first = Integer.parseInt(hex.substring(i, i + 2), 16);
      int second = Integer.parseInt(hex.substring(i + 2, i + 4), 16);
      text.append((char) (little ? (second << 8) | first : (first << 8) | second));
    }
    StringBuilder out = new StringBuilder(cell.substring(0, start));
    text.codePoints().forEach(code -> out.append(utf8(code).toUpperCase(Locale.ROOT)));
    return out.append("'").toString();
  }

  void assertSame(String table) {
    List<String> expected = exact(0, table);
    assertThat(exact(1, table)).as("%s on b, %s", table, encodings).isEqualTo(expected);
    assertThat(exact(2, table)).as("%s on c, %s", table, encodings).isEqualTo(expected);
  }

  void assertNothingToSay() {
    for (String name : NODES) {
      assertThat(nodes.scrub(name)).as("scrub on %s, %s", name, encodings).isZero();
      assertThat(nodes.app(name).one("PRAGMA integrity_check")).isEqualTo("ok");
      MeshView.Figures figures = nodes.mesh(name).view().figures(nodes.nowMillis);
      assertThat(figures.aside()).as("aside on " + name).isZero();
      assertThat(figures.parked()).as("parked on " + name).isZero();
    }
  }

  void run(int node, String sql) {
    nodes.nowMillis += 1;
    nodes.app(NODES.get(node)).run(sql);
  }
}
