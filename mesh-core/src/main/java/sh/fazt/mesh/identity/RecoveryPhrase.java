package sh.fazt.mesh.identity;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * A secret that a person keeps on paper: 24 English words, which are 256 random bits and 8 bits of
 * checksum (BIP-39). They make the key that may replace a persona's. Immutable; its text form does
 * not hold the words.
 */
public final class RecoveryPhrase {
  public static final int WORDS = 24;

  /** Characters of a text in which the words are looked for. */
  public static final int CHARACTERS_MAX = 4_096;

  private static final int ENTROPY_BYTES = 32;
  private static final int WORD_BITS = 11;
  private static final String INFO = "fazt mesh:recovery";

  private final Bytes entropy;

  private RecoveryPhrase(Bytes entropy) {
    this.entropy = entropy;
  }

  /** A fresh one. */
  public static RecoveryPhrase draw(Chance chance) {
    return new RecoveryPhrase(chance.bytes(ENTROPY_BYTES));
  }

  /**
   * Reads the words as a person typed them: capitals, commas, line breaks and the numbers before
   * them do not matter.
   *
   * @throws MeshException PHRASE_MALFORMED, which names each word that is not in the list and the
   *     nearest that is; or says how many words there are, or that the checksum is wrong
   */
  public static RecoveryPhrase parse(String typed) {
    if (typed.length() > CHARACTERS_MAX) {
      throw malformed("this is too long for " + WORDS + " words");
    }
    List<String> words = wordsIn(typed);
    BigInteger bits = bits(words);
    if (words.size() != WORDS) {
      throw malformed("there are " + WORDS + " words, not " + words.size());
    }
    byte[] sealed = new byte[ENTROPY_BYTES + 1];
    byte[] magnitude = bits.toByteArray();
    int size = Math.min(magnitude.length, sealed.length);
    System.arraycopy(magnitude, magnitude.length - size, sealed, sealed.length - size, size);
    RecoveryPhrase phrase = new RecoveryPhrase(Bytes.copyOf(sealed).slice(0, ENTROPY_BYTES));
    if (!phrase.sealed().equals(Bytes.copyOf(sealed))) {
      throw malformed(
          "each word is in the list, but their checksum is wrong: one is another word, or two have"
              + " changed places");
    }
    return phrase;
  }

  /** What may be words in a text that a person types, numbers left out. */
  public static List<String> wordsIn(String typed) {
    return Arrays.stream(typed.toLowerCase(Locale.ROOT).split("[\\s,;]+", -1))
        .filter(word -> !word.matches("[0-9]*[.):]?"))
        .toList();
  }

  private static BigInteger bits(List<String> words) {
    List<String> mistakes = new ArrayList<>();
    BigInteger bits = BigInteger.ZERO;
    for (int i = 0; i < words.size(); i++) {
      OptionalInt number = WordList.number(words.get(i));
      if (number.isEmpty()) {
        mistakes.add(
            "word %s, '%s', is not in the list; the nearest is '%s'"
                .formatted(i + 1, words.get(i), WordList.nearest(words.get(i))));
      }
      bits = bits.shiftLeft(WORD_BITS).or(BigInteger.valueOf(number.orElse(0)));
    }
    if (!mistakes.isEmpty() && words.size() <= WORDS) {
      throw malformed(String.join("; ", mistakes));
    }
    return bits;
  }

  private static MeshException malformed(String message) {
    return new MeshException(
        ErrorCode.PHRASE_MALFORMED, message, "Look at the paper, and try again");
  }

  /** The words, in their order: the secret itself. */
  public List<String> words() {
    BigInteger bits = new BigInteger(1, sealed().toArray());
    List<String> words = new ArrayList<>();
    for (int i = WORDS - 1; i >= 0; i--) {
      int number = bits.shiftRight(i * WORD_BITS).intValue() & (WordList.SIZE - 1);
      words.add(WordList.word(number));
    }
    return words;
  }

  /** The 256 bits, and the first 8 of their SHA-256. */
  private Bytes sealed() {
    return Bytes.concat(entropy, Hash.of(entropy).value().slice(0, 1));
  }

  /** The key that the words stand for: its seed is HKDF-SHA-512 of the 256 bits (RFC 5869). */
  public SigningKey key() {
    HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA512Digest());
    generator.init(new HKDFParameters(entropy.toArray(), null, Bytes.utf8(INFO).toArray()));
    byte[] seed = new byte[SigningKey.SEED_SIZE];
    generator.generateBytes(seed, 0, seed.length);
    return SigningKey.ofSeed(Bytes.wrap(seed));
  }

  /** What a mesh commits to: the hash of the public half of the key. */
  public Hash commitment() {
    return key().verifyKey().fingerprint();
  }

  @Override
  public String toString() {
    return "a recovery phrase";
  }
}
