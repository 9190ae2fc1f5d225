package sh.fazt.mesh.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.schema.Value;

final class ExactTest {
  private static Exact of(double number) {
    return Exact.of(Value.of(number)).orElseThrow();
  }

  @Test
  void anyNumberComesBackAsItWas() {
    for (long seed = 0; seed < 20_000; seed++) {
      double number = Double.longBitsToDouble(new Random(seed).nextLong());
      if (Double.isFinite(number) && number != 0) {
        assertThat(of(number).value(false)).isEqualTo(Value.of(number));
      }
      long integer = new Random(seed).nextLong();
      assertThat(Exact.of(Value.of(integer)).orElseThrow().value(true))
          .isEqualTo(Value.of(integer));
    }
    assertThat(of(Double.MIN_VALUE).value(false)).isEqualTo(Value.of(Double.MIN_VALUE));
    assertThat(of(Double.MAX_VALUE).value(false)).isEqualTo(Value.of(Double.MAX_VALUE));
  }

  @Test
  void sumsAreExact() {
    for (long seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      Exact sum = Exact.ZERO;
      BigDecimal expected = BigDecimal.ZERO;
      for (int i = 0; i < 8; i++) {
        double number = random.nextGaussian() * Math.pow(2, random.nextInt(200) - 100);
        sum = random.nextBoolean() ? sum.plus(of(number)) : sum.plus(of(number)).minus(of(0));
        expected = expected.add(new BigDecimal(number));
      }
      assertThat(sum.value(false)).isEqualTo(Value.of(expected.doubleValue()));
    }
  }

  private static void refused(ByteWriter written, String why) {
    assertThatThrownBy(() -> Exact.readFrom(new ByteReader(written.toBytes())))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  @Test
  void tooLongAMantissa() {
    byte[] mantissa = new byte[Exact.MANTISSA_BYTES_MAX + 1];
    mantissa[0] = 1;
    mantissa[mantissa.length - 1] = 1;
    refused(new ByteWriter().zigzag(0).bytes(Bytes.wrap(mantissa)), "over 288");
  }

  @Test
  void tooHighAnExponent() {
    Bytes one = Bytes.wrap(new byte[] {1});
    refused(new ByteWriter().zigzag(Exact.EXPONENT_MAX + 1).bytes(one), "exponent 1101");
    refused(new ByteWriter().zigzag(-Exact.EXPONENT_MAX - 1).bytes(one), "exponent -1101");
  }

  @Test
  void aLongerFormThanNeededIsRefused() {
    refused(new ByteWriter().zigzag(0).bytes(Bytes.wrap(new byte[] {2})), "shortest");
    refused(new ByteWriter().zigzag(0).bytes(Bytes.wrap(new byte[] {0, 1})), "shortest");
  }
}
