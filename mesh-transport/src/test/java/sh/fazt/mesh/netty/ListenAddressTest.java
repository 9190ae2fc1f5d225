package sh.fazt.mesh.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

final class ListenAddressTest {
  @ParameterizedTest
  @CsvSource({
    "8443, 0.0.0.0, 8443",
    ":8443, 0.0.0.0, 8443",
    "127.0.0.1:0, 127.0.0.1, 0",
    "[::1]:8443, ::1, 8443",
    "vps.example.com:1, vps.example.com, 1",
  })
  void anAddressIsReadAsPeopleWriteIt(String text, String host, int port) {
    assertThat(ListenAddress.parse(text)).isEqualTo(new ListenAddress(host, port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "vps", "vps:", "vps:x", ":65536", ":-1", "[::1:80", "[[::1]]:80"})
  void whatIsNoAddressIsAUsageError(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE));
  }

  @Test
  void anAddressOfVersionSixIsShownInBrackets() {
    assertThat(new ListenAddress("::1", 8443)).hasToString("[::1]:8443");
    assertThat(new ListenAddress("127.0.0.1", 8443)).hasToString("127.0.0.1:8443");
  }
}
