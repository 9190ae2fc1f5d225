package sh.fazt.mesh;

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
    JavaClasses classes = new ClassFileImporter().importPath(Path.of("target", "classes"));
    assertThat(classes).isNotEmpty();
    return laws("sh.fazt.mesh").entrySet().stream()
        .map(law -> dynamicTest(law.getKey(), () -> law.getValue().check(classes)));
  }

  @TestFactory
  Stream<DynamicTest> lawsCatchTheirBreakers() {
    JavaClasses classes = new ClassFileImporter().importPackages("sh.fazt.mesh.lawbreaker");
    Map<String, String> breakers =
        Map.of(
            "layering", "bytes.ImportsStore",
            "nobody imports the root", "wire.ImportsRoot",
            "purity", "clock.ReadsWallClock",
            "sql only in store", "crdt.SpeaksSql",
            "known rooms", "util.Helper",
            "null-marked", "util.Helper",
            "one thread", "apply.SharesState");
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
    laws.put(
        "nobody imports the root",
        noClasses()
            .that()
            .resideOutsideOfPackage(root)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(root));
    laws.put("purity", purity(root));
    laws.put("sql only in store", onlyIn(root, List.of("store"), "java.sql..", "org.sqlite.."));
    laws.put(
        "no network, json or command line",
        onlyIn(
            root,
            List.of(),
            "io.netty..",
            "org.ice4j..",
            "com.fasterxml.jackson..",
            "picocli..",
            "ch.qos.logback.."));
    laws.put("known rooms", knownRooms(root));
    laws.put("null-marked", classes().should(beInANullMarkedPackage()));
    laws.put("one thread", oneThread());
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

  private static ArchRule purity(String root) {
    List<String> pure = ROOMS.stream().filter(room -> !IMPURE_ROOMS.contains(room)).toList();
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
        .that()
        .resideInAnyPackage(packages(root, pure))
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
        .orShould()
        .resideInAPackage(root)
        .andShould()
        .resideOutsideOfPackages("..util..", "..common..", "..impl..", "..manager..");
  }

  private static ArchCondition<JavaClass> beInANullMarkedPackage() {
    return ArchCondition.from(
        describe(
            "be in a package whose package-info is @NullMarked",
            type -> type.getPackage().isAnnotatedWith(NullMarked.class)));
  }

  private static ArchRule oneThread() {
    return CompositeArchRule.of(noFields().should().haveModifier(JavaModifier.VOLATILE))
        .and(noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED));
  }

  private static String[] packages(String root, List<String> rooms) {
    return rooms.stream().map(room -> root + "." + room + "..").toArray(String[]::new);
  }
}
