package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

class InviteIdTest {
  @Test
  void whatIsPrintedIsReadBack() {
    InviteId id =
        new InviteId(Bytes.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, -1, 0, 7, -8}));
    assertThat(InviteId.parse(id.toString())).isEqualTo(id);
  }

  @Test
  void anythingElseIsRefusedByName() {
    String id = new InviteId(Bytes.wrap(new byte[16])).toString();
    String tail = id.substring(0, id.length() - 1);
    for (String text : List.of("", "fazt_inv_", tail, id + "0", id + id, tail + "u", tail + "1")) {
      assertThatThrownBy(() -> InviteId.parse(text))
          .isInstanceOfSatisfying(
              MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE))
          .hasMessageContaining(text);
    }
  }
}
