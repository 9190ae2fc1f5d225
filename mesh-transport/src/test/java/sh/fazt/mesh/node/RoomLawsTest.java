package sh.fazt.mesh.node;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
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
  /** A room may import only the rooms before it, and all of mesh-core. */
  private static final List<String> ROOMS =
      List.of("gossip", "frame", "netty", "nat", "lan", "node");

  private static final List<String> PURE_ROOMS = List.of("gossip", "frame");

  @TestFactory
  Stream<DynamicTest> roomsKeepTheLaws() {
    return RoomLaws.keptBy(RoomLawsTest::laws, "sh.fazt.mesh");
  }

  @TestFactory
  Stream<DynamicTest> lawsCatchTheirBreakers() {
    return RoomLaws.catching(
        RoomLawsTest::laws,
        Map.of(
            "layering", "gossip.ImportsNode",
            "purity", "frame.ReadsWallClock",
            "effects of beacons", "lan.BeaconThatListens",
            "no sql", "lan.SpeaksSql",
            "netty only in netty", "node.SpeaksNetty",
            "known rooms", "common.Helper",
            "null-marked", "common.Helper",
            "one thread", "lan.SharesState"));
  }

  private static Map<String, ArchRule> laws(String root) {
    RoomLaws rooms = new RoomLaws(root, ROOMS);
    Map<String, ArchRule> laws = new LinkedHashMap<>();
    laws.put("layering", rooms.layering());
    laws.put("purity", rooms.purity(PURE_ROOMS));
    laws.put("effects of beacons", rooms.purity(beaconsWithoutEffects(root)));
    laws.put("no sql", rooms.onlyIn(List.of(), "java.sql..", "org.sqlite.."));
    laws.put("netty only in netty", rooms.onlyIn(List.of("netty"), "io.netty.."));
    laws.put("ice4j only in nat", rooms.onlyIn(List.of("nat"), "org.ice4j.."));
    laws.put(
        "no json or command line",
        rooms.onlyIn(List.of(), "com.fasterxml.jackson..", "picocli..", "ch.qos.logback.."));
    laws.put("known rooms", rooms.known());
    laws.put("null-marked", RoomLaws.nullMarked());
    laws.put("one thread", rooms.oneThread(List.of("netty", "node")));
    return laws;
  }

  /** In {@code lan} the classes that know sockets are those that are called after it. */
  private static DescribedPredicate<JavaClass> beaconsWithoutEffects(String root) {
    return describe(
        "beacons, but not Lan…",
        type ->
            type.getPackageName().equals(root + ".lan")
                && !type.getName().startsWith(root + ".lan.Lan"));
  }
}
