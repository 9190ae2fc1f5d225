package sh.fazt.mesh.identity;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * A persona as text that can be kept elsewhere: lines of {@code name: value}, the first of them
 * {@code fazt identity 1}. The secret is sealed with a passphrase, AES-256-GCM under a key by
 * {@link Stretch}, and with it all lines before; or it is in plain text. Immutable.
 *
 * <pre>
 * fazt identity 1
 * name: jay
 * public-key: 64 hexadecimal digits
 * argon2id: m=65536 t=3 p=4 salt=32 hexadecimal digits
 * aes-256-gcm: nonce, 24 digits, then the sealed seed and its tag, 96 digits
 * </pre>
 */
public final class PersonaText {
  /** Characters of such a text. */
  public static final int CHARACTERS_MAX = 4_096;

  private static final String FIRST = "fazt identity 1";
  private static final String NAME = "name";
  private static final String PUBLIC_KEY = "public-key";
  private static final String STRETCH = "argon2id";
  private static final String SEALED = "aes-256-gcm";
  private static final String PLAIN = "secret-key";
  private static final int AES_KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final String name;
  private final VerifyKey publicKey;
  private final Map<String, String> lines;

  private PersonaText(String name, VerifyKey publicKey, Map<String, String> lines) {
    this.name = name;
    this.publicKey = publicKey;
    this.lines = lines;
  }

  /**
   * Writes a persona down.
   *
   * @param name one line
   * @param passphrase seals the key; empty to leave it in plain text
   */
  public static String of(
      String name, SigningKey key, Optional<Passphrase> passphrase, Chance chance) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put(NAME, name);
    lines.put(PUBLIC_KEY, key.verifyKey().value().hex());
    if (passphrase.isEmpty()) {
      lines.put(PLAIN, key.seed().hex());
      return text(lines);
    }
    Stretch stretch = Stretch.fresh(chance);
    lines.put(STRETCH, text(stretch));
    Bytes nonce = chance.bytes(NONCE_BYTES);
    Bytes aes = stretch.key(passphrase.get(), AES_KEY_BYTES);
    try {
      Bytes sealed = cipher(true, aes, nonce, text(lines), key.seed());
      lines.put(SEALED, Bytes.concat(nonce, sealed).hex());
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("sealing cannot fail", e);
    }
    return text(lines);
  }

  /**
   * Reads such a text; what is sealed stays so.
   *
   * @throws MalformedException if it is none
   */
  public static PersonaText read(String text) throws MalformedException {
    if (text.length() > CHARACTERS_MAX || !text.startsWith(FIRST + "\n")) {
      throw new MalformedException("no text that begins with " + FIRST);
    }
    Map<String, String> lines = new LinkedHashMap<>();
    for (String line : text.substring(FIRST.length() + 1).strip().split("\n", -1)) {
      int colon = line.indexOf(": ");
      if (colon < 1
          || lines.put(line.substring(0, colon), line.substring(colon + 2).strip()) != null) {
        throw new MalformedException("a line that says nothing, or says it twice");
      }
    }
    try {
      VerifyKey publicKey = new VerifyKey(Bytes.fromHex(value(lines, PUBLIC_KEY)));
      return new PersonaText(value(lines, NAME), publicKey, lines);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("no public key", e);
    }
  }

  public String name() {
    return name;
  }

  public VerifyKey publicKey() {
    return publicKey;
  }

  /** Whether it takes a passphrase. */
  public boolean isSealed() {
    return lines.containsKey(SEALED);
  }

  /**
   * The key of a text that is not sealed.
   *
   * @throws MalformedException if it is, or holds another key than it says
   */
  public SigningKey plain() throws MalformedException {
    return key(hex(PLAIN));
  }

  /**
   * Opens the seal.
   *
   * @return empty if that is not the passphrase, or a line was altered
   * @throws MalformedException if there is no seal, or it holds another key than the text says
   */
  public Optional<SigningKey> open(Passphrase passphrase) throws MalformedException {
    Bytes sealed = hex(SEALED);
    if (sealed.size() != NONCE_BYTES + SigningKey.SEED_SIZE + TAG_BITS / 8) {
      throw new MalformedException("a sealed key of " + sealed.size() + " bytes");
    }
    Map<String, String> before = new LinkedHashMap<>(lines);
    before.remove(SEALED);
    Bytes aes = stretch(value(lines, STRETCH)).key(passphrase, AES_KEY_BYTES);
    Bytes nonce = sealed.slice(0, NONCE_BYTES);
    try {
      return Optional.of(
          key(cipher(false, aes, nonce, text(before), sealed.slice(NONCE_BYTES, sealed.size()))));
    } catch (InvalidCipherTextException e) {
      return Optional.empty();
    }
  }

  private SigningKey key(Bytes seed) throws MalformedException {
    if (seed.size() != SigningKey.SEED_SIZE
        || !SigningKey.ofSeed(seed).verifyKey().equals(publicKey)) {
      throw new MalformedException("the secret key is not that of the public one");
    }
    return SigningKey.ofSeed(seed);
  }

  private Bytes hex(String name) throws MalformedException {
    try {
      return Bytes.fromHex(value(lines, name));
    } catch (IllegalArgumentException e) {
      // Justification: the cause would name digits of a key.
      throw new MalformedException("no hexadecimal digits behind " + name + ":");
    }
  }

  private static String value(Map<String, String> lines, String name) throws MalformedException {
    String value = lines.get(name);
    if (value == null || value.isEmpty()) {
      throw new MalformedException("no line " + name + ":");
    }
    return value;
  }

  private static String text(Map<String, String> lines) {
    StringBuilder text = new StringBuilder(FIRST).append('\n');
    lines.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }

  private static String text(Stretch stretch) {
    return String.format(
        Locale.ROOT,
        "m=%d t=%d p=%d salt=%s",
        stretch.kibibytes(),
        stretch.passes(),
        stretch.lanes(),
        stretch.salt().hex());
  }

  private static Stretch stretch(String text) throws MalformedException {
    if (!text.matches("m=[0-9]{1,9} t=[0-9]{1,9} p=[0-9]{1,9} salt=[0-9a-f]{32}")) {
      throw new MalformedException("no parameters of argon2id: " + text);
    }
    String[] each = text.split("[ =]", -1);
    try {
      return new Stretch(
          Integer.parseInt(each[1]),
          Integer.parseInt(each[3]),
          Integer.parseInt(each[5]),
          Bytes.fromHex(each[7]));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Bytes cipher(boolean seals, Bytes key, Bytes nonce, String with, Bytes input)
      throws InvalidCipherTextException {
    GCMModeCipher gcm = GCMBlockCipher.newInstance(AESEngine.newInstance());
    gcm.init(
        seals,
        new AEADParameters(
            new KeyParameter(key.toArray()),
            TAG_BITS,
            nonce.toArray(),
            Bytes.utf8(with).toArray()));
    byte[] output = new byte[gcm.getOutputSize(input.size())];
    int done = gcm.processBytes(input.toArray(), 0, input.size(), output, 0);
    gcm.doFinal(output, done);
    return Bytes.wrap(output);
  }

  @Override
  public String toString() {
    return "persona " + name + (isSealed() ? ", sealed" : "");
  }
}
