package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.MeshException;

final class NamesTest {
  @Test
  void aNameOfMoreBytesIsRefused() {
    String longest = "n".repeat(Names.BYTES_MAX);
    assertThat(Names.ofNode(longest)).isEqualTo(longest);
    assertThat(Names.checked(longest)).isEqualTo(longest);

    String beyond = "é".repeat(Names.BYTES_MAX / 2) + "n";
    assertThatThrownBy(() -> Names.ofNode(beyond)).isInstanceOf(MeshException.class);
    assertThatThrownBy(() -> Names.checked(beyond)).isInstanceOf(MeshException.class);
  }
}
