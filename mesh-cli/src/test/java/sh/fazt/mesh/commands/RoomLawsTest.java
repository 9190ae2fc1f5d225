package sh.fazt.mesh.commands;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  /** A room may import only the rooms before it, and all of mesh-core and mesh-transport. */
  private static final List<String> ROOMS = List.of("output", "control", "js", "web", "commands");

  @TestFactory
  Stream<DynamicTest> roomsKeepTheLaws() {
    return RoomLaws.keptBy(RoomLawsTest::laws, "sh.fazt.mesh");
  }

  @TestFactory
  Stream<DynamicTest> lawsCatchTheirBreakers() {
    return RoomLaws.catching(
        RoomLawsTest::laws,
        Map.of(
            "layering", "output.ImportsCommands",
            "no sql or network", "web.SpeaksSql",
            "no way in but the control socket", "web.ListensOnAPort",
            "known rooms", "impl.Helper",
            "null-marked", "impl.Helper",
            "one thread", "web.SharesState"));
  }

  private static Map<String, ArchRule> laws(String root) {
    RoomLaws rooms = new RoomLaws(root, ROOMS);
    Map<String, ArchRule> laws = new LinkedHashMap<>();
    laws.put("layering", rooms.layering());
    laws.put(
        "no sql or network",
        rooms.onlyIn(List.of(), "java.sql..", "org.sqlite..", "io.netty..", "org.ice4j.."));
    laws.put(
        "no way in but the control socket",
        noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(ServerSocket|Socket|InetSocketAddress|Datagram.*)")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("com.sun.net.httpserver.."));
    laws.put("picocli only in commands", rooms.onlyIn(List.of("commands"), "picocli.."));
    laws.put(
        "json only through output", rooms.onlyIn(List.of("output"), "com.fasterxml.jackson.."));
    laws.put(
        "main alone ends the process",
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(root + ".commands.Main")
            .should()
            .callMethod(System.class, "exit", int.class));
    laws.put("known rooms", rooms.known());
    laws.put("null-marked", RoomLaws.nullMarked());
    laws.put("one thread", rooms.oneThread(List.of("control")));
    return laws;
  }
}
