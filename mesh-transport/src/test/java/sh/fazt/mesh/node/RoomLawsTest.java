package sh.fazt.mesh.node;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

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
    JavaClasses classes = new ClassFileImporter().importPath(Path.of("target", "classes"));
    return laws("sh.fazt.mesh").entrySet().stream()
        .map(law -> dynamicTest(law.getKey(), () -> law.getValue().check(classes)));
  }

  @TestFactory
  Stream<DynamicTest> lawsCatchTheirBreakers() {
    JavaClasses classes = new ClassFileImporter().importPackages("sh.fazt.mesh.lawbreaker");
    Map<String, String> breakers =
        Map.of(
            "layering", "gossip.ImportsNode",
            "purity", "frame.ReadsWallClock",
            "effects of beacons", "lan.BeaconThatListens",
            "no sql", "lan.SpeaksSql",
            "netty only in netty", "node.SpeaksNetty",
            "known rooms", "common.Helper",
            "null-marked", "common.Helper",
            "one thread", "lan.SharesState");
    Map<String, ArchRule> laws = laws("sh.fazt.mesh.lawbreaker");
    return breakers.entrySet().stream()
        .map(
            breaker ->
                dynamicTest(
                    breaker.getKey(),
                    () -> {
                      EvaluationResult result = laws.get(breaker.getKey()).evaluate(classes);
                      assertThat(result.getFailureReport().getDetails())
                          .anyMatch(line -> line.contains(breaker.getValue()));
                    }));
  }

  private static Map<String, ArchRule> laws(String root) {
    Map<String, ArchRule> laws = new LinkedHashMap<>();
    laws.put("layering", layering(root));
    laws.put("purity", purity(resideInAnyPackage(packages(root, PURE_ROOMS))));
    laws.put("effects of beacons", purity(beaconsWithoutEffects(root)));
    laws.put("no sql", onlyIn(root, List.of(), "java.sql..", "org.sqlite.."));
    laws.put("netty only in netty", onlyIn(root, List.of("netty"), "io.netty.."));
    laws.put("ice4j only in nat", onlyIn(root, List.of("nat"), "org.ice4j.."));
    laws.put(
        "no json or command line",
        onlyIn(root, List.of(), "com.fasterxml.jackson..", "picocli..", "ch.qos.logback.."));
    laws.put("known rooms", knownRooms(root));
    laws.put("null-marked", classes().should(beInANullMarkedPackage()));
    laws.put("one thread", oneThread(root));
    laws.replaceAll((name, law) -> law.allowEmptyShould(true));
    return laws;
  }

  private static ArchRule layering(String root) {
    List<ArchRule> laws = new ArrayList<>();
    for (int room = 0; room < ROOMS.size() - 1; room++) {
      laws.add(
          noClasses()
              .that()
              .resideInAPackage(root + "." + ROOMS.get(room) + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(packages(root, ROOMS.subList(room + 1, ROOMS.size()))));
    }
    return CompositeArchRule.of(laws);
  }

  /** In {@code lan} the classes that know sockets are those that are called after it. */
  private static DescribedPredicate<JavaClass> beaconsWithoutEffects(String root) {
    return describe(
        "beacons, but not Lan…",
        type ->
            type.getPackageName().equals(root + ".lan")
                && !type.getName().startsWith(root + ".lan.Lan"));
  }

  private static ArchRule purity(DescribedPredicate<JavaClass> pure) {
    DescribedPredicate<JavaClass> effects =
        resideInAnyPackage(
                "java.sql..",
                "java.net..",
                "java.nio.channels..",
                "java.util.concurrent..",
                "org.slf4j..",
                "io.netty..")
            .and(not(describe("URI", type -> type.getName().startsWith("java.net.URI"))))
            .or(
                describe(
                    "threads and clocks",
                    type ->
                        type.isEquivalentTo(Thread.class)
                            || type.isEquivalentTo(java.util.Timer.class)
                            || type.isEquivalentTo(java.time.Clock.class)));
    return noClasses()
        .that(pure)
        .should()
        .dependOnClassesThat(effects)
        .orShould()
        .accessTargetWhere(
            describe("reads the wall clock or draws chance", RoomLawsTest::isTimeOrChance));
  }

  private static boolean isTimeOrChance(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    String call = target.getOwner().getName() + "." + target.getName();
    return Set.of(
                "java.lang.System.currentTimeMillis",
                "java.lang.System.nanoTime",
                "java.lang.Math.random",
                "java.util.UUID.randomUUID",
                "java.security.SecureRandom.<init>",
                "java.security.SecureRandom.getInstance",
                "java.security.SecureRandom.getInstanceStrong")
            .contains(call)
        || (call.startsWith("java.time.") && target.getName().equals("now"));
  }

  private static ArchRule onlyIn(String root, List<String> rooms, String... guarded) {
    return noClasses()
        .that(not(resideInAnyPackage(packages(root, rooms))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(guarded);
  }

  private static ArchRule knownRooms(String root) {
    return classes()
        .should()
        .resideInAnyPackage(packages(root, ROOMS))
        .andShould()
        .resideOutsideOfPackages("..util..", "..common..", "..impl..", "..manager..");
  }

  private static ArchCondition<JavaClass> beInANullMarkedPackage() {
    return ArchCondition.from(
        describe(
            "be in a package whose package-info is @NullMarked",
            type -> type.getPackage().isAnnotatedWith(NullMarked.class)));
  }

  private static ArchRule oneThread(String root) {
    String[] threaded = packages(root, List.of("netty", "node"));
    return CompositeArchRule.of(
            noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackages(threaded)
                .should()
                .haveModifier(JavaModifier.VOLATILE))
        .and(
            noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackages(threaded)
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED));
  }

  private static String[] packages(String root, List<String> rooms) {
    return rooms.stream().map(room -> root + "." + room + "..").toArray(String[]::new);
  }
}
