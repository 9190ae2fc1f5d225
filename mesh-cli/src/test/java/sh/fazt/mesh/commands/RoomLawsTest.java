package sh.fazt.mesh.commands;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

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
  /** A room may import only the rooms before it, and all of mesh-core and mesh-transport. */
  private static final List<String> ROOMS = List.of("output", "control", "js", "web", "commands");

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
            "layering", "output.ImportsCommands",
            "no sql or network", "web.SpeaksSql",
            "known rooms", "impl.Helper",
            "null-marked", "impl.Helper",
            "one thread", "web.SharesState");
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
        "no sql or network",
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.sqlite..", "io.netty..", "org.ice4j.."));
    laws.put("picocli only in commands", onlyIn(root, "commands", "picocli.."));
    laws.put("json only through output", onlyIn(root, "output", "com.fasterxml.jackson.."));
    laws.put(
        "main alone ends the process",
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(root + ".commands.Main")
            .should()
            .callMethod(System.class, "exit", int.class));
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

  private static ArchRule onlyIn(String root, String room, String guarded) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(root + "." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(guarded);
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
    String[] threaded = packages(root, List.of("control"));
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
