package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the programs of docs/embedding.md, and expects what the page says. */
class EmbeddingDocTest {
  private static final Path PAGE = Path.of("..", "docs", "embedding.md");
  private static final Pattern PROGRAM = block("java");
  private static final Pattern OUTPUT =
      Pattern.compile("prints\\R\\R```\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  /** What the first example takes for granted. */
  private static final String AROUND =
      """
      import java.nio.file.Path;
      import java.sql.Connection;
      import java.sql.DriverManager;
      import java.sql.ResultSet;
      import java.sql.SQLException;
      import java.sql.Statement;
      import java.time.Duration;
      import sh.fazt.mesh.*;
      import sh.fazt.mesh.node.*;

      public final class Pair {
        public static void main(String[] arguments) throws SQLException {
          Path vps = Path.of(arguments[0], "vps.db");
          Path laptop = Path.of(arguments[0], "laptop.db");
          write(vps, "PRAGMA journal_mode = WAL");
          write(vps, "CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT)");
          write(vps, "INSERT INTO notes VALUES ('a', 'from the vps')");
          %s
        }

        private static void write(Path file, String sql) throws SQLException {
          try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
              Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute(sql);
          }
        }

        private static String read(Path file, String sql) throws SQLException {
          try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
              Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
          }
        }
      }
      """;

  @TempDir Path folder;

  private static Pattern block(String language) {
    return Pattern.compile("^```" + language + "\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  }

  private static List<String> all(Pattern pattern) throws Exception {
    return pattern
        .matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult result) -> result.group(1))
        .toList();
  }

  @Test
  void theProgramsOfThePageDoWhatItSays() throws Exception {
    List<String> programs = all(PROGRAM);
    List<String> outputs = all(OUTPUT);
    assertThat(programs).hasSize(2);
    assertThat(outputs).hasSize(2);
    assertThat(programs.get(0).lines()).hasSizeLessThanOrEqualTo(15);
    List<String> whole = List.of(AROUND.formatted(programs.get(0)), programs.get(1));
    URL classes = compile(List.of("Pair", "Tags"), whole).toUri().toURL();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes}, EmbeddingDocTest.class.getClassLoader())) {
      assertThat(run(loader, "Pair", folder)).isEqualTo(outputs.get(0));
      Path database = folder.resolve("vps.db");
      assertThat(run(loader, "Tags", database)).isEqualTo(outputs.get(1));
      assertThat(query(database, "SELECT name FROM sqlite_schema WHERE name LIKE '%mesh%'"))
          .isEmpty();
      assertThat(query(database, "SELECT tag FROM tags ORDER BY tag"))
          .containsExactly("first", "greeting");
    }
  }

  private Path compile(List<String> names, List<String> programs) throws Exception {
    Path sources = Files.createDirectory(folder.resolve("sources"));
    Path classes = Files.createDirectory(folder.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-Xlint:all,-try",
                "-Werror",
                "--release",
                "17",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path")));
    for (int i = 0; i < names.size(); i++) {
      Path source = sources.resolve(names.get(i) + ".java");
      Files.writeString(source, programs.get(i));
      arguments.add(source.toString());
    }
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, complaints, complaints, arguments.toArray(String[]::new));
    assertThat(status).as(complaints.toString(StandardCharsets.UTF_8)).isZero();
    return classes;
  }

  /** What the program printed. */
  private static String run(ClassLoader loader, String program, Path argument) throws Exception {
    PrintStream usual = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      loader
          .loadClass(program)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {argument.toString()});
    } finally {
      System.setOut(usual);
    }
    return printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  private static List<String> query(Path database, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }
}
