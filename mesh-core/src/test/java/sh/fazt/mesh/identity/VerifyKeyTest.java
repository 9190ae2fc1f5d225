package sh.fazt.mesh.identity;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/** Keys under which one signature fits every message. */
final class VerifyKeyTest {
  /**
   * The encodings of the eight points of small order, and those that a lax reader takes for one.
   */
  static List<String> smallOrder() {
    String eight = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
    String other = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
    return List.of(
        "00".repeat(32),
        "00".repeat(31) + "80",
        "01" + "00".repeat(31),
        "01" + "00".repeat(30) + "80",
        "ec" + "ff".repeat(30) + "7f",
        "ec" + "ff".repeat(31),
        eight,
        eight.substring(0, 62) + "85",
        other,
        other.substring(0, 62) + "fa",
        "ed" + "ff".repeat(30) + "7f",
        "ed" + "ff".repeat(31),
        "ee" + "ff".repeat(30) + "7f",
        "ee" + "ff".repeat(31));
  }

  @ParameterizedTest
  @MethodSource("smallOrder")
  void aKeyOfSmallOrderIsRefused(String hex) {
    Bytes raw = Bytes.fromHex(hex);
    assertThatThrownBy(() -> new VerifyKey(raw)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VerifyKey.readFrom(new ByteReader(raw)))
        .isInstanceOf(MalformedException.class);
  }
}
