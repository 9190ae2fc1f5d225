package sh.fazt.mesh.schema;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;

/** Every text of a UTF-16 database has one form in UTF-8, and comes back from it unchanged. */
class TextEncodingTest {
  @Test
  void ordinaryTextIsOrdinaryUtf8() {
    String text = "aé\u0000€\uFEFF\uFFFE\uFFFF\uD83D\uDE00\uDBFF\uDFFF";
    assertThat(TextEncoding.UTF_8.canonical(text.getBytes(UTF_8))).isEqualTo(Bytes.utf8(text));
    assertThat(TextEncoding.UTF_16LE.canonical(text.getBytes(UTF_16LE)))
        .isEqualTo(Bytes.utf8(text));
    assertThat(TextEncoding.UTF_16BE.canonical(text.getBytes(UTF_16BE)))
        .isEqualTo(Bytes.utf8(text));
    assertThat(TextEncoding.UTF_16BE.stored(Bytes.utf8(text))).isEqualTo(text.getBytes(UTF_16BE));
  }

  @Test
  void anyUnitsComeBack() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] stored = new byte[2 * random.nextInt(9)];
      random.nextBytes(stored);
      for (int i = 0; i < stored.length; i += 2) {
        if (random.nextBoolean()) {
          stored[i] = (byte) (0xD8 + random.nextInt(8));
        }
      }
      Bytes utf8 = TextEncoding.UTF_16BE.canonical(stored.clone());
      assertThat(TextEncoding.UTF_16BE.stored(utf8)).isEqualTo(stored);
      assertThat(TextEncoding.UTF_16BE.holds(new Value.Text(utf8))).isTrue();
      assertThat(TextEncoding.UTF_16LE.canonical(TextEncoding.UTF_16LE.stored(utf8)))
          .isEqualTo(utf8);
    }
  }

  @Test
  void whatIsHeldComesBackAndNothingElse() {
    Random random = new Random(8);
    int held = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = new byte[random.nextInt(6)];
      for (int i = 0; i < bytes.length; i++) {
        int kind = random.nextInt(4);
        bytes[i] =
            (byte)
                (kind == 0
                    ? random.nextInt(256)
                    : kind == 1 ? 0x80 + random.nextInt(64) : 0xE0 + random.nextInt(22));
      }
      Value value = new Value.Text(Bytes.copyOf(bytes));
      Bytes back = TextEncoding.UTF_16LE.canonical(TextEncoding.UTF_16LE.stored(Bytes.wrap(bytes)));
      assertThat(TextEncoding.UTF_16LE.holds(value)).isEqualTo(back.equals(Bytes.wrap(bytes)));
      assertThat(TextEncoding.UTF_8.holds(value)).isTrue();
      held += back.equals(Bytes.wrap(bytes)) ? 1 : 0;
    }
    assertThat(held).isBetween(20_000, 180_000);
  }

  @Test
  void malformedTextIsNotHeld() {
    for (String hex :
        new String[] {
          "ff", "c3", "c080", "e08080", "eda0", "edA080edB080", "f0808080", "f4908080", "80", "61ff"
        }) {
      Value value = new Value.Text(Bytes.fromHex(hex));
      assertThat(TextEncoding.UTF_16LE.holds(value)).as(hex).isFalse();
    }
  }

  @Test
  void aByteTooManyIsLeftOut() {
    assertThat(TextEncoding.UTF_16LE.canonical(new byte[] {'a', 0, 'b'}))
        .isEqualTo(Bytes.utf8("a"));
  }
}
