package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CallerTest {
  @Test
  void ofWhatAMemberSaysOnlyAddressesThatCanBeDialledAreKept() {
    assertThat(
            Caller.usable(
                List.of("10.0.0.1:8443", "", "a b:1", "host", "host:0", "host:99999", "[::1]:7")))
        .containsExactly("10.0.0.1:8443", "[::1]:7");
  }
}
