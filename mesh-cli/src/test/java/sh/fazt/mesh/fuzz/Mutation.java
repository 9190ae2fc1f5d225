package sh.fazt.mesh.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import sh.fazt.mesh.bytes.Bytes;

/** Draws inputs near those that are known: the same chance, the same inputs. Confined. */
final class Mutation {
  /** The longest input, in bytes. */
  static final int BYTES_MAX = 1 << 16;

  private static final int NOISE_BYTES_MAX = 200;
  private static final int CHANGES_MAX = 4;
  private static final int[] TELLING = {0, 1, 0x7f, 0x80, 0xff, ':', '\n', '"', '{', '0'};

  private final List<Bytes> seeds;
  private final Random random;

  Mutation(List<Bytes> seeds, Random random) {
    this.seeds = seeds;
    this.random = random;
  }

  byte[] next() {
    if (random.nextInt(50) == 0) {
      return noise(random.nextInt(NOISE_BYTES_MAX));
    }
    byte[] input = seed();
    for (int i = 1 + random.nextInt(CHANGES_MAX); i > 0; i--) {
      input = changed(input);
    }
    return input.length > BYTES_MAX ? Arrays.copyOf(input, BYTES_MAX) : input;
  }

  private byte[] seed() {
    return seeds.get(random.nextInt(seeds.size())).toArray();
  }

  private byte[] noise(int size) {
    byte[] noise = new byte[size];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] changed(byte[] input) {
    if (input.length == 0) {
      return noise(1);
    }
    int at = random.nextInt(input.length);
    byte[] same = input.clone();
    switch (random.nextInt(9)) {
      case 0, 1 -> same[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> same[at] = (byte) TELLING[random.nextInt(TELLING.length)];
      case 3 -> same[at] = (byte) random.nextInt();
      case 4 -> {
        return Arrays.copyOf(input, at);
      }
      case 5 -> {
        return replaced(input, at, Math.min(input.length, at + 1 + random.nextInt(8)), noise(0));
      }
      case 6 -> {
        return replaced(input, at, at, noise(1 + random.nextInt(8)));
      }
      case 7 -> {
        return replaced(input, at, at + 1, varint());
      }
      default -> {
        byte[] other = seed();
        int from = random.nextInt(other.length + 1);
        return replaced(input, at, input.length, Arrays.copyOfRange(other, from, other.length));
      }
    }
    return same;
  }

  /** A number such as a length or a count, mostly too large. */
  private byte[] varint() {
    long value = random.nextLong() >>> random.nextInt(64);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while ((value & ~0x7fL) != 0) {
      out.write((int) ((value & 0x7f) | 0x80));
      value >>>= 7;
    }
    out.write((int) value);
    return out.toByteArray();
  }

  private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
    byte[] output = Arrays.copyOf(input, from + by.length + input.length - to);
    System.arraycopy(by, 0, output, from, by.length);
    System.arraycopy(input, to, output, from + by.length, input.length - to);
    return output;
  }
}
