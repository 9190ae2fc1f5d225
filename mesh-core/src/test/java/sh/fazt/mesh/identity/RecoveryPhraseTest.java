package sh.fazt.mesh.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.fazt.mesh.ProtocolDocument;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

final class RecoveryPhraseTest {
  private static RecoveryPhrase of(int octet) {
    return RecoveryPhrase.draw(size -> Bytes.fromHex("%02x".formatted(octet).repeat(size)));
  }

  private static String text(List<String> words) {
    return String.join(" ", words);
  }

  private static void refused(String typed, String why) {
    assertThatThrownBy(() -> RecoveryPhrase.parse(typed))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PHRASE_MALFORMED))
        .hasMessageContaining(why);
  }

  /** Of BIP-39's own test vectors those of 256 equal bytes. */
  @ParameterizedTest
  @CsvSource({
    "0, abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon"
        + " abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon"
        + " abandon art",
    "127, legal winner thank year wave sausage worth useful legal winner thank year wave sausage"
        + " worth useful legal winner thank year wave sausage worth title",
    "128, letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount"
        + " doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless",
    "255, zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo"
        + " zoo vote"
  })
  void wordsAreThoseOfTheStandard(int octet, String words) {
    assertThat(text(of(octet).words())).isEqualTo(words);
    assertThat(RecoveryPhrase.parse(words).key().seed()).isEqualTo(of(octet).key().seed());
  }

  @Test
  void theListIsTheStandards() {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < WordList.SIZE; i++) {
      words.add(WordList.word(i));
    }
    assertThat(Hash.of(Bytes.utf8(String.join("\n", words) + "\n")).value().hex())
        .isEqualTo("2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
    assertThat(words).isSorted();
  }

  @Test
  void theKeyIsTheDocumentedOne() {
    RecoveryPhrase phrase = of(0x50);
    assertThat(ProtocolDocument.vector("recovery.words"))
        .isEqualTo(String.join("", phrase.words()));
    assertThat(ProtocolDocument.vectors())
        .containsEntry("recovery.key", phrase.key().verifyKey().value().hex())
        .containsEntry("recovery.commitment", phrase.commitment().value().hex());
  }

  @Test
  void whatIsWrittenIsReadHoweverItIsTyped() {
    Chance chance = Chance.from(new SplittableRandom(1));
    for (int i = 0; i < 200; i++) {
      RecoveryPhrase drawn = RecoveryPhrase.draw(chance);
      StringBuilder lines = new StringBuilder();
      for (int word = 0; word < RecoveryPhrase.WORDS; word++) {
        lines.append(word + 1).append(word % 2 == 0 ? ". " : " ");
        lines.append(drawn.words().get(word).toUpperCase(Locale.ROOT)).append(" ,\n ");
      }
      assertThat(RecoveryPhrase.parse(lines.toString()).words()).isEqualTo(drawn.words());
    }
  }

  @Test
  void aTypingMistakeIsNamedWithTheNearestWord() {
    List<String> words = new ArrayList<>(of(127).words());
    words.set(2, "thnak");
    words.set(23, "titel");
    refused(text(words), "word 3, 'thnak', is not in the list; the nearest is 'thank'");
    refused(text(words), "word 24, 'titel', is not in the list; the nearest is 'title'");
  }

  @Test
  void anotherWordOfTheListIsFoundByTheChecksum() {
    List<String> words = new ArrayList<>(of(127).words());
    words.set(23, "tobacco");
    refused(text(words), "checksum");
    List<String> swapped = new ArrayList<>(of(127).words());
    Collections.swap(swapped, 4, 5);
    refused(text(swapped), "two have changed places");
  }

  @Test
  void moreOrFewerWordsAreCounted() {
    List<String> words = new ArrayList<>(of(127).words());
    words.remove(0);
    refused(text(words), "there are 24 words, not 23");
    refused("", "there are 24 words, not 0");
    refused("zoo ".repeat(25), "there are 24 words, not 25");
    refused("x ".repeat(25), "there are 24 words, not 25");
    refused("z".repeat(RecoveryPhrase.CHARACTERS_MAX + 1), "too long");
  }

  @Test
  void theWordsAreInNoTextOfIt() {
    assertThat(of(127)).hasToString("a recovery phrase");
  }
}
