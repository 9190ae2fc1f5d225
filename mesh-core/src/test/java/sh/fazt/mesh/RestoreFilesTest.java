package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.MeshException;

/** No row goes that no restore file keeps, and what keeps every row needs none. */
class RestoreFilesTest extends MassDeletePair {
  @Test
  void whileThereAreAThousandRestoreFilesOfADayNothingIsAllowedAndAllCanBeUndone()
      throws IOException {
    pairOf(150);
    List<Path> files = restoreFiles("laptop", 1_000);
    deleteMany();
    assertThatThrownBy(() -> allow("laptop"))
        .isInstanceOfSatisfying(
            MeshException.class,
            refused -> assertThat(refused.remedy()).contains("ls " + files.get(0) + "*"));
    assertThat(count("laptop")).isEqualTo(150);
    undo("laptop");
    sync();
    assertThat(count("vps")).isEqualTo(150);
    assertSame("t");
    assertNothingHeld("vps", "laptop");
    deleteMany();
    Files.delete(files.get(6));
    assertThat(allow("laptop").restorePoint()).contains(files.get(6));
    assertThat(count("laptop")).isEqualTo(20);
  }

  private void deleteMany() {
    vps("DELETE FROM t WHERE id > 20");
    sync();
    allow("vps");
    sync();
    assertThat(held("laptop")).hasSize(1);
  }

  /** Empty ones, of the day, as many as there may be. */
  private List<Path> restoreFiles(String name, int count) throws IOException {
    String day =
        DateTimeFormatter.BASIC_ISO_DATE.format(
            Instant.ofEpochMilli(nodes.nowMillis).atZone(ZoneId.systemDefault()).toLocalDate());
    String first = name + ".db.before-allow-" + day;
    List<Path> files = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      files.add(
          Files.createFile(
              nodes.file(name).resolveSibling(first + (number == 1 ? "" : "-" + number))));
    }
    return files;
  }
}
