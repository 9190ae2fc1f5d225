package sh.fazt.mesh.bytes;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A SHA-256 digest (FIPS 180-4), 32 bytes. */
public record Hash(Bytes value) implements Comparable<Hash> {
  public static final int SIZE = 32;

  /** Stands before the first of a chain. */
  public static final Hash ZERO = new Hash(Bytes.wrap(new byte[SIZE]));

  public Hash {
    if (value.size() != SIZE) {
      throw new IllegalArgumentException("a hash has 32 bytes: " + value.size());
    }
  }

  /** The digest of the parts one after the other. */
  public static Hash of(Bytes... parts) {
    MessageDigest digest = sha256();
    for (Bytes part : parts) {
      digest.update(part.unsafeArray());
    }
    return new Hash(Bytes.wrap(digest.digest()));
  }

  /** The digest of the first {@code size} bytes. */
  public static Hash of(byte[] array, int size) {
    MessageDigest digest = sha256();
    digest.update(array, 0, size);
    return new Hash(Bytes.wrap(digest.digest()));
  }

  /** A fresh SHA-256 engine; confined to the caller. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public static Hash readFrom(ByteReader in) throws MalformedException {
    return new Hash(in.fixed(SIZE));
  }

  @Override
  public int compareTo(Hash other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.slice(0, 6).hex() + "…";
  }
}
