package sh.fazt.mesh.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

final class InviteTokenTest {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int GROUPS = 27;

  private final Cast cast = new Cast(4);
  private final InviteToken token = cast.token(cast.jay);
  private final String text = token.text();

  @Test
  void aTokenReadsBackAsItWasWritten() {
    for (int i = 0; i < 50; i++) {
      InviteToken drawn = cast.token(cast.jay);
      assertThat(InviteToken.parse(drawn.text())).isEqualTo(drawn);
    }
    assertThat(text).matches("fmj1(-[0-9a-hjkmnp-tv-z]{5}){27}");
  }

  @Test
  void aTokenNamesItsMeshAndItsServer() {
    assertThat(token.isFor(cast.mesh)).isTrue();
    assertThat(token.isFor(new Cast(5).mesh)).isFalse();
    assertThat(token.server().matches(cast.jay.node().verifyKey())).isTrue();
    assertThat(token.server().matches(cast.jay.persona().verifyKey())).isFalse();
  }

  @Test
  void capitalsBlanksAndLookAlikesAreForgiven() {
    String loose = text.replace("-", " ").replace('0', 'O').replace('1', 'l');
    assertThat(InviteToken.parse("  " + loose + "\n")).isEqualTo(token);
    assertThat(InviteToken.parse(text.toUpperCase(Locale.ROOT).replace('1', 'I'))).isEqualTo(token);
    assertThat(InviteToken.parse(text.replace("-", ""))).isEqualTo(token);
    assertThat(InviteToken.parse(text.substring(0, 48) + "\n " + text.substring(48)))
        .isEqualTo(token);
  }

  @Test
  void anyWrongDigitIsCaughtAndItsGroupNamed() {
    for (int group = 0; group < GROUPS; group++) {
      for (int digit = 0; digit < 5; digit++) {
        int at = 5 + group * 6 + digit;
        for (int wrong = 0; wrong < DIGITS.length(); wrong++) {
          if (text.charAt(at) != DIGITS.charAt(wrong)) {
            String typed = text.substring(0, at) + DIGITS.charAt(wrong) + text.substring(at + 1);
            assertNamed(typed, group, typed.substring(5 + group * 6, 10 + group * 6));
          }
        }
      }
    }
  }

  @Test
  void neighboursThatChangedPlacesAreCaughtAndTheirGroupNamed() {
    for (int group = 0; group < GROUPS; group++) {
      for (int digit = 0; digit < 3; digit++) {
        char[] typed = text.toCharArray();
        int at = 5 + group * 6 + digit;
        if (typed[at] != typed[at + 1]) {
          typed[at] = text.charAt(at + 1);
          typed[at + 1] = text.charAt(at);
          assertNamed(new String(typed), group, "");
        }
      }
    }
  }

  @Test
  void groupsThatChangedPlacesAreCaught() {
    for (int group = 0; group + 1 < GROUPS; group++) {
      int at = 5 + group * 6;
      String one = text.substring(at, at + 5);
      String two = text.substring(at + 6, at + 11);
      String typed = text.substring(0, at) + two + "-" + one + text.substring(at + 11);
      assertNamed(typed, group, two);
    }
  }

  @Test
  void aGroupOfAnotherLengthIsNamed() {
    String typed = text.substring(0, 13) + text.substring(14);
    assertNamed(typed, 1, typed.substring(11, 15));
    assertNamed(text.substring(0, 13) + "7" + text.substring(13), 1, "");
  }

  @Test
  void whatIsNoTokenIsSaidToBeNone() {
    for (String typed : List.of("", "fmj1", "fmj1-", "hello", text.substring(5))) {
      assertThatThrownBy(() -> InviteToken.parse(typed))
          .isInstanceOfSatisfying(
              MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOKEN_MALFORMED));
    }
    assertThatThrownBy(() -> InviteToken.parse(text.replace("-", "").substring(0, 134)))
        .hasMessage("the token has 130 letters and digits after fmj1, not 135");
  }

  @Test
  void aTokenThatIsCutOffIsSaidToBe() {
    for (int groups : List.of(1, 8, 26)) {
      String whole = text.substring(0, 5 + groups * 6 - 1);
      for (String cut :
          List.of(whole, whole + "-", whole + text.substring(whole.length(), whole.length() + 4))) {
        assertThatThrownBy(() -> InviteToken.parse(cut))
            .hasMessage("the token is cut off: %d of 27 groups".formatted(groups));
      }
    }
  }

  @Test
  void theChecksumCatchesWhatTheGroupsCannot() {
    InviteToken other = cast.token(cast.jay);
    int at = 5 + 25 * 6;
    String mixed =
        text.substring(0, at) + other.text().substring(at, at + 5) + text.substring(at + 5);
    assertThatThrownBy(() -> InviteToken.parse(mixed))
        .hasMessage("the token has more than one typing mistake");
  }

  @Test
  void theSecretIsInNoTextButItsOwn() {
    assertThat(token.toString()).isEqualTo("token of " + token.invite());
    assertThat(token.proofKey().toString()).doesNotContain(token.seed().hex());
  }

  @Test
  void anInviteIdReadsBackAsItWasWritten() {
    InviteId id = token.invite();
    assertThat(InviteId.parse(id.toString())).isEqualTo(id);
    for (String typed :
        List.of("", "fazt_inv_", id + "0", "fazt_inv_" + "z".repeat(26), "x" + id)) {
      assertThatThrownBy(() -> InviteId.parse(typed))
          .asInstanceOf(throwable(MeshException.class))
          .extracting(MeshException::code)
          .isEqualTo(ErrorCode.USAGE);
    }
  }

  private static void assertNamed(String typed, int group, String shown) {
    assertThatThrownBy(() -> InviteToken.parse(typed))
        .hasMessageStartingWith(
            "group %d of 27 of the token has a typing mistake".formatted(group + 1))
        .hasMessageEndingWith(shown);
  }
}
