package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where names or copies run out, whoever joins is told, and the token is still good. */
final class JoinLimitsTest {
  private static final String JOIN =
      "fazt mesh join https://vps.example.com:8443 --db $DIR/data.db --token $TOKEN --yes"
          + " --no-daemon";

  private static final GoldenScript.Expected ANYTHING =
      new GoldenScript.Expected(List.of(), List.of(), 0);

  @TempDir private Path folder;
  private GoldenWorld world;
  private final List<GoldenScript.Given> given = new ArrayList<>();

  @BeforeEach
  void twoSides() {
    world = new GoldenWorld(folder);
    given.add(new GoldenScript.Given("database", ""));
    replicas(
        """
        preview = {"id":"fazt_nod_8sPq2LmX0aZr","name":"vps","owner":"jay","tables":[
        {"table":"files","only_here":2,"only_there":4,"same":0,"different":0,"note":""}]}""");
    replicas(
        """
        join = {"node":"fazt_nod_4Kd9Qw7RxT2b","inviter":"fazt_nod_8sPq2LmX0aZr","name":"vps",
        "tables":1}""");
  }

  @AfterEach
  void close() {
    world.close();
  }

  private void replicas(String answer) {
    given.add(new GoldenScript.Given("replicas", answer));
  }

  private GoldenScript.Expected join() throws IOException {
    List<GoldenScript.Given> once = List.copyOf(given);
    given.clear();
    return world.run(new GoldenScript.Step(List.of(), once, JOIN, ANYTHING));
  }

  private void taken(String name) {
    replicas(
        "preview-%s = {\"error\":{\"code\":\"NAME_TAKEN\",\"message\":\"%s is taken\"}}"
            .formatted(name, name));
  }

  @Test
  void whereTwentyNamesAreTakenSomebodyHasToChoose() throws IOException {
    taken("laptop");
    for (int number = 2; number < 20; number++) {
      taken("laptop-" + number);
    }
    assertThat(join().out()).contains("✓ Joined as laptop-20  fazt_nod_4Kd9Qw7RxT2b, 1 table");
    taken("laptop-20");
    GoldenScript.Expected refused = join();
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).first().isEqualTo("Error: laptop-20 is taken");
    assertThat(refused.out()).isEmpty();
  }

  @Test
  void whereThereAreAHundredCopiesOfADayNothingIsDone() throws IOException {
    String day =
        DateTimeFormatter.BASIC_ISO_DATE.format(
            Instant.ofEpochMilli(GoldenWorld.NOW_MILLIS)
                .atZone(ZoneId.systemDefault())
                .toLocalDate());
    String first = "data.db.before-join-" + day;
    Files.createFile(folder.resolve(first));
    for (int number = 2; number < 100; number++) {
      Files.createFile(folder.resolve(first + "-" + number));
    }
    assertThat(join().exit()).isZero();
    assertThat(folder.resolve(first + "-100")).exists();
    GoldenScript.Expected refused = join();
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.err())
        .containsExactly(
            "Error: too many copies already: $DIR/" + first + "…",
            "",
            "Run: ls $DIR/" + first + "*");
    assertThat(refused.out()).isEmpty();
  }
}
