package sh.fazt.mesh.identity;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import sh.fazt.mesh.bytes.Bytes;

/**
 * What a person remembers to open a sealed key. Equal however its characters were composed: it
 * counts in Unicode's form NFKC. Its text form does not hold it.
 */
public final class Passphrase {
  /** Bytes of UTF-8. */
  static final int BYTES_MAX = 1_024;

  private final Bytes utf8;

  private Passphrase(Bytes utf8) {
    this.utf8 = utf8;
  }

  /**
   * @throws IllegalArgumentException if it is empty or over 1,024 bytes
   */
  public static Passphrase of(String typed) {
    Bytes utf8 = Bytes.wrap(normal(typed).getBytes(StandardCharsets.UTF_8));
    if (utf8.isEmpty() || utf8.size() > BYTES_MAX) {
      throw new IllegalArgumentException(
          "a passphrase has 1 to " + BYTES_MAX + " bytes, not " + utf8.size());
    }
    return new Passphrase(utf8);
  }

  private static String normal(String typed) {
    return Normalizer.normalize(typed, Normalizer.Form.NFKC);
  }

  Bytes utf8() {
    return utf8;
  }

  @Override
  public String toString() {
    return "a passphrase";
  }
}
