package sh.fazt.mesh;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Executes the laws of the rooms of this module. */
final class CliLawsTest {
  /** A room may import only the rooms before it. */
  private static final List<String> ROOMS = List.of("output", "control", "js", "web", "commands");

  private final JavaClasses classes =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void importsRunDownwards() {
    assertThat(classes).isNotEmpty();
    for (int room = 0; room < ROOMS.size() - 1; room++) {
      String[] above =
          ROOMS.subList(room + 1, ROOMS.size()).stream()
              .map(name -> "sh.fazt.mesh." + name + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("sh.fazt.mesh." + ROOMS.get(room) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(above)
          .allowEmptyShould(true)
          .check(classes);
    }
  }

  @Test
  void everyClassHasARoom() {
    classes()
        .should()
        .resideInAnyPackage(
            ROOMS.stream().map(name -> "sh.fazt.mesh." + name + "..").toArray(String[]::new))
        .check(classes);
  }

  @Test
  void toolsStayInTheirRooms() {
    noClasses().should().dependOnClassesThat().resideInAPackage("java.sql..").check(classes);
    only("picocli..", "commands");
    only("com.fasterxml.jackson..", "output");
  }

  @Test
  void onlyTheEntryPointEndsTheProcess() {
    noClasses()
        .that()
        .haveNameNotMatching("sh\\.fazt\\.mesh\\.commands\\.Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(classes);
  }

  private void only(String tool, String room) {
    noClasses()
        .that()
        .resideOutsideOfPackage("sh.fazt.mesh." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(tool)
        .check(classes);
  }
}
