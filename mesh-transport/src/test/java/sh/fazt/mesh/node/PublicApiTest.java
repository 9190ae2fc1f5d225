package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Founder;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.MeshSetup;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.Persona;

/** What an embedding program sees. */
class PublicApiTest {
  /** The entries of docs/embedding.md, and what they lead to. */
  private static final List<Class<?>> TYPES =
      List.of(
          Persona.class,
          Founder.class,
          Joiner.class,
          MeshNode.class,
          NodeConfig.class,
          InviteCode.class,
          NodeStatus.class,
          PeerStatus.class,
          NodeEvent.class,
          SyncReport.class,
          VerifyReport.class,
          MeshSetup.class,
          MeshView.class,
          Mesh.class);

  private static Stream<String> named(Class<?> type) {
    List<Type> types = new ArrayList<>();
    for (Method method : type.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())) {
        types.add(method.getGenericReturnType());
        addTypes(types, method);
      }
    }
    for (Constructor<?> constructor : type.getConstructors()) {
      addTypes(types, constructor);
    }
    return types.stream().map(Type::getTypeName);
  }

  private static void addTypes(List<Type> types, Executable executable) {
    types.addAll(Arrays.asList(executable.getGenericParameterTypes()));
    types.addAll(Arrays.asList(executable.getGenericExceptionTypes()));
  }

  @Test
  void noLibraryOfOursShowsInASignature() {
    for (Class<?> type : TYPES) {
      List<String> names = new ArrayList<>(named(type).toList());
      Arrays.stream(type.getDeclaredClasses())
          .filter(nested -> Modifier.isPublic(nested.getModifiers()))
          .forEach(nested -> names.addAll(named(nested).toList()));
      assertThat(names)
          .as(type.getSimpleName())
          .noneMatch(
              name ->
                  name.matches(
                      ".*(io\\.netty|bouncycastle|fasterxml|org\\.sqlite|luben|slf4j|"
                          + "sh\\.fazt\\.mesh\\.netty).*"));
    }
  }

  @Test
  void nothingTakesMoreThanFourThings() {
    for (Class<?> type : List.of(Persona.class, Founder.class, Joiner.class, MeshNode.class)) {
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers())) {
          assertThat(method.getParameterCount()).as(method.toString()).isLessThanOrEqualTo(4);
        }
      }
      assertThat(type.getConstructors())
          .allSatisfy(c -> assertThat(c.getParameterCount()).isLessThanOrEqualTo(2));
    }
  }
}
