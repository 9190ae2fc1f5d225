package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.gossip.GossipConfig;

/** docs/limits.md names every limit of the code with its value, and for each a test. */
final class LimitsTest {
  private static final Pattern CONSTANT =
      Pattern.compile("^ +(?:[a-z]+ )*(?:int|long) ([A-Z0-9_]*MAX[A-Z0-9_]*) =", Pattern.MULTILINE);
  private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
  private static final Pattern NUMBER = Pattern.compile("^[0-9,]+");
  private static final String BY_THE_HEAP = "by the heap";

  private record Row(String limit, String value, String beyond, String test) {}

  @Test
  void everyLimitOfTheCodeIsInTheTableAndNoOther() throws Exception {
    Map<String, Long> limits = limits();
    assertThat(limits).hasSizeGreaterThan(150);
    assertThat(rows()).extracting(Row::limit).containsExactlyInAnyOrderElementsOf(limits.keySet());
  }

  @Test
  void everyValueIsThatOfTheCode() throws Exception {
    Map<String, Long> limits = limits();
    for (Row row : rows()) {
      if (!row.value().equals(BY_THE_HEAP)) {
        Matcher number = NUMBER.matcher(row.value());
        assertThat(number.find()).as(row.toString()).isTrue();
        assertThat(Long.parseLong(number.group().replace(",", "")))
            .as(row.limit())
            .isEqualTo(limits.get(row.limit()));
        assertThat(row.value().substring(number.end())).as("unit of " + row.limit()).isNotBlank();
      }
      assertThat(row.beyond()).as(row.limit()).isNotBlank();
    }
  }

  @Test
  void everyLimitHasATestThatExistsOrAReason() throws Exception {
    Map<String, List<String>> sources = NamedTestsTest.sources();
    List<String> without = new ArrayList<>();
    for (Row row : rows()) {
      List<String> named = NamedTestsTest.named(row.test());
      boolean exist = named.stream().allMatch(name -> NamedTestsTest.exists(sources, name));
      if (!exist || named.isEmpty()) {
        without.add(row.limit());
      }
    }
    assertThat(without).isEmpty();
  }

  private static List<Row> rows() throws IOException {
    return Files.readAllLines(Path.of("..", "docs", "limits.md")).stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("\\|", -1))
        .map(cells -> Arrays.stream(cells).map(String::strip).toList())
        .map(
            cells ->
                new Row(cells.get(1).replace("`", ""), cells.get(2), cells.get(3), cells.get(4)))
        .toList();
  }

  /** Each constant by its file and its name, and each limit of the gossip, with its value. */
  private static Map<String, Long> limits() throws Exception {
    Map<String, Long> limits = new TreeMap<>();
    for (String module : List.of("mesh-core", "mesh-transport", "mesh-cli")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          collect(file, limits);
        }
      }
    }
    GossipConfig gossip = GossipConfig.standard();
    for (RecordComponent group : GossipConfig.class.getRecordComponents()) {
      Object part = group.getAccessor().invoke(gossip);
      for (RecordComponent each : group.getType().getRecordComponents()) {
        if (each.getName().endsWith("Max")) {
          limits.put(
              "GossipConfig." + group.getName() + "." + each.getName(),
              ((Number) each.getAccessor().invoke(part)).longValue());
        }
      }
    }
    return limits;
  }

  private static void collect(Path file, Map<String, Long> limits) throws Exception {
    String source = Files.readString(file);
    Matcher constant = CONSTANT.matcher(source);
    while (constant.find()) {
      Matcher room = PACKAGE.matcher(source);
      assertThat(room.find()).isTrue();
      String type = file.getFileName().toString().replace(".java", "");
      Field field = field(Class.forName(room.group(1) + "." + type), constant.group(1));
      field.setAccessible(true);
      Object before =
          limits.put(type + "." + field.getName(), ((Number) field.get(null)).longValue());
      assertThat(before).as("two limits are called " + type + "." + field.getName()).isNull();
    }
  }

  /** Of the class or of one within it. */
  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    return Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses()))
        .flatMap(each -> Arrays.stream(each.getDeclaredFields()))
        .filter(field -> field.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchFieldException(type + "." + name));
  }
}
