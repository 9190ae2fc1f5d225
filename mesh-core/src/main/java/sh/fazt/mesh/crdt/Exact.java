package sh.fazt.mesh.crdt;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.schema.Value;

/**
 * A number without rounding, mantissa · 2^exponent: sums of these do not depend on their order, as
 * sums of IEEE 754 numbers do.
 *
 * @param mantissa odd, or 0
 * @param exponent 0 for 0
 */
record Exact(BigInteger mantissa, int exponent) {
  /** No sum of 2⁶⁴ numbers of SQLite's needs more. */
  static final int MANTISSA_BYTES_MAX = 288;

  static final int EXPONENT_MAX = 1_100;

  static final Exact ZERO = of(BigInteger.ZERO, 0);

  private static Exact of(BigInteger mantissa, int exponent) {
    if (mantissa.signum() == 0) {
      return new Exact(BigInteger.ZERO, 0);
    }
    int zeros = mantissa.getLowestSetBit();
    return new Exact(mantissa.shiftRight(zeros), exponent + zeros);
  }

  /** A number of SQLite's; empty of what is none, or is infinite. */
  static Optional<Exact> of(Value value) {
    if (value instanceof Value.Int integer) {
      return Optional.of(of(BigInteger.valueOf(integer.value()), 0));
    } else if (value instanceof Value.Real real && Double.isFinite(real.value())) {
      long bits = real.bits();
      int biased = (int) (bits >>> 52 & 0x7ff);
      long fraction = bits & ((1L << 52) - 1);
      long mantissa = biased == 0 ? fraction : fraction | 1L << 52;
      BigInteger signed = BigInteger.valueOf(bits < 0 ? -mantissa : mantissa);
      return Optional.of(of(signed, Math.max(biased, 1) - 1_075));
    }
    return Optional.empty();
  }

  Exact plus(Exact other) {
    int least = Math.min(exponent, other.exponent);
    return of(
        mantissa.shiftLeft(exponent - least).add(other.mantissa.shiftLeft(other.exponent - least)),
        least);
  }

  Exact minus(Exact other) {
    return plus(new Exact(other.mantissa.negate(), other.exponent));
  }

  /** The nearest number of SQLite's, an integer if {@code whole} and one can hold it. */
  Value value(boolean whole) {
    if (whole && exponent >= 0 && exponent + mantissa.bitLength() <= 64) {
      BigInteger integer = mantissa.shiftLeft(exponent);
      if (integer.bitLength() < Long.SIZE) {
        return Value.of(integer.longValueExact());
      }
    }
    return Value.of(asDecimal().doubleValue());
  }

  private BigDecimal asDecimal() {
    return exponent >= 0
        ? new BigDecimal(mantissa.shiftLeft(exponent))
        : new BigDecimal(mantissa).divide(new BigDecimal(BigInteger.ONE.shiftLeft(-exponent)));
  }

  void writeTo(ByteWriter out) {
    out.zigzag(exponent).bytes(Bytes.wrap(mantissa.toByteArray()));
  }

  static Exact readFrom(ByteReader in) throws MalformedException {
    long exponent = in.zigzag();
    Bytes mantissa = in.bytes(MANTISSA_BYTES_MAX);
    if (mantissa.isEmpty() || exponent < -EXPONENT_MAX || exponent > EXPONENT_MAX) {
      throw new MalformedException("no such number: exponent " + exponent);
    }
    Exact read = new Exact(new BigInteger(mantissa.toArray()), (int) exponent);
    ByteWriter again = new ByteWriter();
    of(read.mantissa, read.exponent).writeTo(again);
    ByteWriter given = new ByteWriter();
    given.zigzag(exponent).bytes(mantissa);
    if (!again.toBytes().equals(given.toBytes())) {
      throw new MalformedException("a number that is not in its shortest form");
    }
    return read;
  }
}
