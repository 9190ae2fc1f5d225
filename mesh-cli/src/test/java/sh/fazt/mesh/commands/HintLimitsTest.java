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
import sh.fazt.mesh.fault.NearName;
import sh.fazt.mesh.store.NamedFile;

/** Hints and views are of a size that a person reads. */
final class HintLimitsTest {
  private static final int FILES = 1_000;

  @TempDir private Path folder;

  @Test
  void aNameWithMoreSlipsThanTheLimitIsAnother() {
    for (String near : List.of("notes", "nots", "notesss", "notez", "nodez", "ontes")) {
      assertThat(NearName.among(List.of("notes"), near)).as(near).contains("notes");
    }
    for (String far : List.of("no", "not", "notessss", "nodex2", "hotex2", "")) {
      assertThat(NearName.among(List.of("notes"), far)).as(far).isEmpty();
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

  /** A name that is nearly the one that is meant, in a folder of so many files that are not. */
  @Test
  void ofMoreFilesThanTheLimitNoNearNameIsFoundBehindIt() throws IOException {
    for (int i = 0; i <= FILES; i++) {
      Files.createFile(folder.resolve("file" + i));
    }
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.toList();
    }
    Files.move(files.get(FILES), folder.resolve("stick.bundle"));
    List<Path> now;
    try (Stream<Path> listed = Files.list(folder)) {
      now = listed.toList();
    }
    boolean behind = now.indexOf(folder.resolve("stick.bundle")) >= FILES;
    MeshException missing =
        catchThrowableOfType(
            MeshException.class, () -> NamedFile.requireThere(folder.resolve("stik.bundle")));
    assertThat(String.valueOf(missing.getMessage()).contains("did you mean")).isEqualTo(!behind);
    Files.delete(folder.resolve("stick.bundle"));
    Path first = now.get(0).equals(folder.resolve("stick.bundle")) ? now.get(1) : now.get(0);
    MeshException near =
        catchThrowableOfType(
            MeshException.class, () -> NamedFile.requireThere(folder.resolve(first + "x")));
    assertThat(near).hasMessageContaining("did you mean");
  }
}
