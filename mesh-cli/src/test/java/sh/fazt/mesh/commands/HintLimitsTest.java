package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.TypeConversionException;
import sh.fazt.mesh.fault.MeshException;

/** Hints and views are of a size that a person reads. */
final class HintLimitsTest {
  private static final int FILES = 1_000;

  @TempDir private Path folder;

  @Test
  void aNameWithMoreSlipsThanTheLimitIsAnother() {
    for (String near : List.of("notes", "nots", "not", "notesss", "notez", "nodez", "ontes")) {
      assertThat(NearName.of(near, "notes")).as(near).isTrue();
    }
    for (String far : List.of("no", "notessss", "nodex2", "hotex2", "")) {
      assertThat(NearName.of(far, "notes")).as(far).isFalse();
    }
  }

  @Test
  void aTextOverTheLimitIsCutAndSaysSo() {
    String letters = "\uD83D\uDE00".repeat(38);
    assertThat(Spoken.brief("'" + letters + "'")).isEqualTo("\"" + letters + "\"");
    assertThat(Spoken.brief("'" + letters + "x'")).isEqualTo("\"" + letters + "…");
  }

  @Test
  void moreRowsThanTheLimitAreRefused() {
    assertThat(new Limit().convert("1000")).isEqualTo(1_000);
    for (String refused : List.of("1001", "0", "-1", "many", "99999999999")) {
      assertThatThrownBy(() -> new Limit().convert(refused))
          .isInstanceOf(TypeConversionException.class)
          .hasMessage("'" + refused + "' is not a number from 1 to 1000");
    }
  }

  private String hint() {
    return catchThrowableOfType(
            MeshException.class, () -> MissingDatabase.check(folder.resolve("another")))
        .remedy()
        .orElseThrow();
  }

  private static void fill(Path file) {
    try {
      Files.writeString(file, "SQLite format 3\0");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void ofMoreDatabasesThanTheLimitTheFirstAreNamed() {
    for (String name : List.of("d.db", "b.db", "c.db", "a.db")) {
      fill(folder.resolve(name));
    }
    List<String> named = new ArrayList<>();
    for (String name : List.of("a.db", "b.db", "c.db")) {
      named.add("--db " + folder.resolve(name));
    }
    assertThat(hint()).isEqualTo("Name one that is there: " + String.join(", ", named));
  }

  @Test
  void ofMoreFilesThanTheLimitTheRestIsNotLookedAt() throws IOException {
    for (int i = 0; i <= FILES; i++) {
      Files.createFile(folder.resolve("file" + i));
    }
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.toList();
    }
    fill(files.get(FILES));
    assertThat(hint()).startsWith("Go to the folder of the database");
    fill(files.get(FILES - 1));
    assertThat(hint()).isEqualTo("Name one that is there: --db " + files.get(FILES - 1));
  }
}
