package sh.fazt.mesh.laws;

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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;

/**
 * Laws for the rooms of a module, the packages below one root, in their order. Each module says in
 * a test of its own which of them it keeps.
 */
public final class RoomLaws {
  private final String root;
  private final List<String> rooms;

  /**
   * @param rooms a room may import only the rooms before it
   */
  public RoomLaws(String root, List<String> rooms) {
    this.root = root;
    this.rooms = List.copyOf(rooms);
  }

  /**
   * The laws, run against the classes of the module at hand.
   *
   * @param laws by name, for a root
   */
  public static Stream<DynamicTest> keptBy(
      Function<String, Map<String, ArchRule>> laws, String root) {
    JavaClasses classes = new ClassFileImporter().importPath(Path.of("target", "classes"));
    assertThat(classes).isNotEmpty();
    return laws.apply(root).entrySet().stream()
        .map(
            law ->
                dynamicTest(
                    law.getKey(), () -> law.getValue().allowEmptyShould(true).check(classes)));
  }

  /**
   * The laws, run against classes of {@code sh.fazt.mesh.lawbreaker}, laid out in rooms of the same
   * names: each must catch its breaker there.
   *
   * @param breakers by law, as ROOM.CLASS
   */
  public static Stream<DynamicTest> catching(
      Function<String, Map<String, ArchRule>> laws, Map<String, String> breakers) {
    String root = "sh.fazt.mesh.lawbreaker";
    JavaClasses classes = new ClassFileImporter().importPackages(root);
    Map<String, ArchRule> known = laws.apply(root);
    return breakers.entrySet().stream()
        .map(
            breaker ->
                dynamicTest(
                    breaker.getKey(),
                    () -> {
                      ArchRule law = known.get(breaker.getKey()).allowEmptyShould(true);
                      EvaluationResult result = law.evaluate(classes);
                      assertThat(result.getFailureReport().getDetails())
                          .anyMatch(line -> line.contains(breaker.getValue()));
                    }));
  }

  /** No room imports one that comes after it. */
  public ArchRule layering() {
    List<ArchRule> laws = new ArrayList<>();
    for (int room = 0; room < rooms.size() - 1; room++) {
      laws.add(
          noClasses()
              .that()
              .resideInAPackage(root + "." + rooms.get(room) + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(packages(rooms.subList(room + 1, rooms.size()))));
    }
    return CompositeArchRule.of(laws);
  }

  /** In these rooms there are no files, sockets, threads, clocks or chance. */
  public ArchRule purity(List<String> pure) {
    return purity(resideInAnyPackage(packages(pure)));
  }

  /** As {@link #purity(List)}, for any classes. */
  public ArchRule purity(DescribedPredicate<JavaClass> pure) {
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
            describe("reads the wall clock or draws chance", RoomLaws::isTimeOrChance));
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

  /** Packages of others that these rooms alone may use. */
  public ArchRule onlyIn(List<String> allowed, String... guarded) {
    return noClasses()
        .that(not(resideInAnyPackage(packages(allowed))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(guarded);
  }

  /** There are no rooms but the known ones, and none for things that have no name. */
  public ArchRule known() {
    return classes()
        .should()
        .resideInAnyPackage(packages(rooms))
        .andShould()
        .resideOutsideOfPackages("..util..", "..common..", "..impl..", "..manager..");
  }

  public static ArchRule nullMarked() {
    return classes()
        .should(
            ArchCondition.from(
                describe(
                    "be in a package whose package-info is @NullMarked",
                    type -> type.getPackage().isAnnotatedWith(NullMarked.class))));
  }

  /** Nothing is made to be shared by threads, but in these rooms. */
  public ArchRule oneThread(List<String> threaded) {
    String[] others = packages(threaded);
    return CompositeArchRule.of(
            noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackages(others)
                .should()
                .haveModifier(JavaModifier.VOLATILE))
        .and(
            noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackages(others)
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED));
  }

  private String[] packages(List<String> named) {
    return named.stream().map(this::room).toArray(String[]::new);
  }

  /** The root itself is the room without a name. */
  private String room(String name) {
    return name.isEmpty() ? root : root + "." + name + "..";
  }
}
