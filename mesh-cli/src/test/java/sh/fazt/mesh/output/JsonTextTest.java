package sh.fazt.mesh.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.bytes.MalformedException;

final class JsonTextTest {
  @Test
  void whatIsWrittenReadsBackEqual() throws MalformedException {
    Random random = new Random(42);
    for (int i = 0; i < 2_000; i++) {
      Json value = value(random, 4);
      assertThat(JsonText.parse(JsonText.compact(value))).isEqualTo(value);
      assertThat(JsonText.parse(JsonText.indented(value))).isEqualTo(value);
    }
  }

  @Test
  void compactIsOneLineWhateverTheTextHolds() {
    assertThat(JsonText.compact(Json.text("a\r\n\u0000\u001b\"b")))
        .isEqualTo("\"a\\r\\n\\u0000\\u001B\\\"b\"");
  }

  @Test
  void fieldsKeepTheirOrder() {
    Json.Obj object = Json.object().with("z", 1).with("a", "x").with("m", true).with("z", 2);
    assertThat(JsonText.compact(object)).isEqualTo("{\"z\":2,\"a\":\"x\",\"m\":true}");
  }

  @Test
  void absentFieldsReadAsNothing() {
    Json.Obj object = Json.object().with("n", "text");
    assertThat(object.whole("n")).isZero();
    assertThat(object.text("none")).isEmpty();
    assertThat(object.flag("none")).isFalse();
    assertThat(object.object("none").fields()).isEmpty();
    assertThat(object.objects("none")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,",
        "{\"a\":1}{",
        "{} {}",
        "nul",
        "'a'",
        "{a:1}",
        "99999999999999999999",
        "01",
        "\"\u0000\""
      })
  void malformedTextIsRefused(String text) {
    assertThatThrownBy(() -> JsonText.parse(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  void deepNestingIsRefused() {
    String deep = "[".repeat(JsonText.DEPTH_MAX + 1) + "]".repeat(JsonText.DEPTH_MAX + 1);
    assertThatThrownBy(() -> JsonText.parse(deep)).isInstanceOf(MalformedException.class);
  }

  private static Json value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> Json.NULL;
      case 1 -> new Json.Bool(random.nextBoolean());
      case 2 -> new Json.Whole(random.nextLong());
      case 3 -> new Json.Real(random.nextDouble());
      case 4 -> Json.text(text(random));
      case 5 -> {
        List<Json> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          items.add(value(random, depth - 1));
        }
        yield Json.array(items);
      }
      default -> {
        Json.Obj object = Json.object();
        for (int i = random.nextInt(4); i > 0; i--) {
          object = object.with(text(random), value(random, depth - 1));
        }
        yield object;
      }
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      int point = random.nextInt(0x2ff);
      text.appendCodePoint(point);
    }
    return text.toString();
  }
}
