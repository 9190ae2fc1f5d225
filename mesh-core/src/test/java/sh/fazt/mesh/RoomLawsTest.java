package sh.fazt.mesh;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import sh.fazt.mesh.laws.RoomLaws;

/**
 * Executes the laws of the rooms of this module. Each law is also run against the classes of {@code
 * sh.fazt.mesh.lawbreaker}, laid out in rooms of the same names, and must catch its breaker there.
 *
 * <p>Not seen by these laws: {@code synchronized} blocks, which leave no trace in a class's shape.
 */
final class RoomLawsTest {
  /** A room may import only the rooms before it; the root package may import them all. */
  private static final List<String> ROOMS =
      List.of(
          "fault",
          "bytes",
          "identity",
          "clock",
          "schema",
          "change",
          "crdt",
          "roster",
          "projection",
          "wire",
          "delta",
          "fingerprint",
          "store",
          "capture",
          "apply");

  private static final Set<String> IMPURE_ROOMS = Set.of("store", "capture", "apply");

  @TestFactory
  Stream<DynamicTest> roomsKeepTheLaws() {
    return RoomLaws.keptBy(RoomLawsTest::laws, "sh.fazt.mesh");
  }

  @TestFactory
  Stream<DynamicTest> lawsCatchTheirBreakers() {
    return RoomLaws.catching(
        RoomLawsTest::laws,
        Map.of(
            "layering", "bytes.ImportsStore",
            "nobody imports the root", "wire.ImportsRoot",
            "purity", "clock.ReadsWallClock",
            "sql only in store", "crdt.SpeaksSql",
            "known rooms", "util.Helper",
            "null-marked", "util.Helper",
            "one thread", "apply.SharesState"));
  }

  private static Map<String, ArchRule> laws(String root) {
    RoomLaws rooms = new RoomLaws(root, ROOMS);
    Map<String, ArchRule> laws = new LinkedHashMap<>();
    laws.put("layering", rooms.layering());
    laws.put(
        "nobody imports the root",
        noClasses()
            .that()
            .resideOutsideOfPackage(root)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(root));
    laws.put(
        "purity",
        rooms.purity(ROOMS.stream().filter(room -> !IMPURE_ROOMS.contains(room)).toList()));
    laws.put("sql only in store", rooms.onlyIn(List.of("store"), "java.sql..", "org.sqlite.."));
    laws.put(
        "no network, json or command line",
        rooms.onlyIn(
            List.of(),
            "io.netty..",
            "org.ice4j..",
            "com.fasterxml.jackson..",
            "picocli..",
            "ch.qos.logback.."));
    laws.put("known rooms", new RoomLaws(root, withRoot()).known());
    laws.put("null-marked", RoomLaws.nullMarked());
    laws.put("one thread", rooms.oneThread(List.of()));
    return laws;
  }

  private static List<String> withRoot() {
    return Stream.concat(ROOMS.stream(), Stream.of("")).toList();
  }
}
