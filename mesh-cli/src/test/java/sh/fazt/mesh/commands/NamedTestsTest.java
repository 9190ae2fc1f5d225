package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every test that the documents name is there. */
final class NamedTestsTest {
  private static final Pattern TOKEN =
      Pattern.compile("`(?:(?:[a-z]+\\.)*([A-Z]\\w*Test)(?:\\.(\\w+))?|\\.(\\w+))`");

  @Test
  void everyTestThatADocumentNamesExists() throws IOException {
    Map<String, List<String>> sources = sources();
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (Path document : documents()) {
      for (String line : Files.readAllLines(document)) {
        List<String> names = named(line);
        named += names.size();
        names.stream()
            .filter(name -> !exists(sources, name))
            .forEach(name -> missing.add(document.getFileName() + ": " + name));
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThan(150);
  }

  @Test
  void aTestThatIsNotThereIsFoundOut() throws IOException {
    Map<String, List<String>> sources = sources();
    assertThat(named("| `NamedTestsTest.aTestThatIsNotThereIsFoundOut`, `.nothing`, `NoTest` |"))
        .filteredOn(name -> !exists(sources, name))
        .containsExactly("NamedTestsTest.nothing", "NoTest");
  }

  /** The tests that a line names; a name that begins with a dot is of the class before it. */
  static List<String> named(String line) {
    List<String> names = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(line);
    String type = "";
    while (matcher.find()) {
      boolean ofType = matcher.group(3) != null;
      type = ofType ? type : matcher.group(1);
      String method = ofType ? matcher.group(3) : matcher.group(2);
      if (!type.isEmpty()) {
        names.add(method == null ? type : type + "." + method);
      }
    }
    return names;
  }

  static boolean exists(Map<String, List<String>> sources, String name) {
    int dot = name.indexOf('.');
    String type = dot < 0 ? name : name.substring(0, dot);
    Pattern method = Pattern.compile("\\bvoid " + name.substring(dot + 1) + "\\(");
    return sources.getOrDefault(type, List.of()).stream()
        .anyMatch(source -> dot < 0 || method.matcher(source).find());
  }

  /** The test classes of all modules by their simple names, of which some are shared. */
  static Map<String, List<String>> sources() throws IOException {
    Map<String, List<String>> sources = new HashMap<>();
    for (String module : List.of("mesh-core", "mesh-transport", "mesh-cli")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
          String type = file.getFileName().toString().replace(".java", "");
          sources.computeIfAbsent(type, key -> new ArrayList<>()).add(Files.readString(file));
        }
      }
    }
    return sources;
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..", "docs"))) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }
}
