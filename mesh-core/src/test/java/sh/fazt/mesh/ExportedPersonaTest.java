package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.Passphrase;

final class ExportedPersonaTest {
  private static final Passphrase SECRET = Passphrase.of("correct horse");

  @TempDir Path folder;
  private final Chance chance = Chance.from(new Random(3));
  private final Persona jay = Persona.create("jay", chance);

  private Path exported(Optional<Passphrase> passphrase) {
    Path file = folder.resolve("jay.identity");
    jay.export(file, passphrase, chance);
    return file;
  }

  private static void isRefused(Path file, Passphrase passphrase, ErrorCode code) {
    assertThatThrownBy(() -> Persona.imported(file, () -> passphrase))
        .isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void sealedPersonaIsOpenedWithItsPassphraseAlone() throws Exception {
    Path file = exported(Optional.of(SECRET));
    Persona again = Persona.imported(file, () -> SECRET);
    assertThat(again.name()).isEqualTo("jay");
    assertThat(again.key().seed()).isEqualTo(jay.key().seed());
    isRefused(file, Passphrase.of("Correct horse"), ErrorCode.IDENTITY_LOCKED);
    assertThat(Files.readString(file)).doesNotContain(jay.key().seed().hex());
  }

  /** In Arabic, Java writes numbers with other digits unless it is told not to. */
  @Test
  void whatIsExportedInAnyLanguageIsReadInAnother() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      exported(Optional.of(SECRET));
    } finally {
      Locale.setDefault(before);
    }
    Persona again = Persona.imported(folder.resolve("jay.identity"), () -> SECRET);
    assertThat(again.key().seed()).isEqualTo(jay.key().seed());
  }

  @Test
  void onlyItsOwnerMayReadTheFileAndNoOtherIsOverwritten() throws Exception {
    Path file = exported(Optional.of(SECRET));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> exported(Optional.empty())).isInstanceOf(MeshException.class);
    assertThat(Files.readString(file)).contains("aes-256-gcm");
  }

  @Test
  void plainTextIsReadWithoutAsking() {
    Path file = exported(Optional.empty());
    Persona again =
        Persona.imported(
            file,
            () -> {
              throw new AssertionError("asked");
            });
    assertThat(again.key().seed()).isEqualTo(jay.key().seed());
  }

  @Test
  void everyAlteredCharacterIsNoticed() throws Exception {
    Path file = exported(Optional.of(SECRET));
    String text = Files.readString(file);
    for (int i = 0; i < text.length() - 1; i += 7) {
      char other = text.charAt(i) == '5' ? '6' : '5';
      Files.writeString(file, text.substring(0, i) + other + text.substring(i + 1));
      assertThatThrownBy(() -> Persona.imported(file, () -> SECRET))
          .as("character " + i)
          .isInstanceOf(MeshException.class);
    }
  }

  @Test
  void fileThatWouldTakeAllMemoryIsRefusedBefore() throws Exception {
    Path file = exported(Optional.of(SECRET));
    String text = Files.readString(file);
    for (String costly :
        new String[] {"m=262145 t=3 p=4", "m=65536 t=17 p=4", "m=65536 t=3 p=17", "m=8 t=3 p=4"}) {
      Files.writeString(file, text.replace("m=65536 t=3 p=4", costly));
      isRefused(file, SECRET, ErrorCode.USAGE);
    }
    Files.writeString(file, text + "x".repeat(5_000));
    isRefused(file, SECRET, ErrorCode.USAGE);
    Files.writeString(file, "something else");
    isRefused(file, SECRET, ErrorCode.USAGE);
  }

  @Test
  void passphraseIsThatHoweverItsAccentsAreTyped() {
    Path file = exported(Optional.of(Passphrase.of("caf\u00e9")));
    assertThat(Persona.imported(file, () -> Passphrase.of("cafe\u0301")).key().seed())
        .isEqualTo(jay.key().seed());
  }

  @Test
  void emptyOrEndlessPassphraseIsNone() {
    assertThatThrownBy(() -> Passphrase.of("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Passphrase.of("x".repeat(1_025)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Passphrase.of("x".repeat(1_024))).hasToString("a passphrase");
  }

  @Test
  void personaThatIsReplacedIsKept() {
    Path home = folder.resolve("home");
    Persona amy = Persona.create("amy", chance);
    amy.save(home);
    Path kept = jay.replaceIn(home);
    assertThat(Persona.load(home).orElseThrow().name()).isEqualTo("jay");
    assertThat(kept).exists();
    assertThat(amy.replaceIn(home)).isNotEqualTo(kept).exists();
    assertThat(Persona.load(home).orElseThrow().key().seed()).isEqualTo(amy.key().seed());
  }
}
