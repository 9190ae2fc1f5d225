package sh.fazt.mesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * What is promised of every decoder: it refuses as it says it does, what it decodes comes back the
 * same, and memory stays within a bound that follows from the size of the input. The time limits
 * only end what hangs.
 */
class FuzzTest {
  private static final int RUNS = 20_000;
  private static final long SEED = 1;

  @TempDir static Path folder;

  static List<Target> targets() {
    return Targets.all(folder);
  }

  @ParameterizedTest
  @MethodSource("targets")
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void everyPromiseIsKept(Target target) throws IOException {
    List<Bytes> seeds = Corpus.of(target);
    int decoded = 0;
    for (Bytes seed : seeds) {
      decoded += Trial.run(target, seed.toArray()) ? 1 : 0;
    }
    assertThat(decoded).as("known inputs that are decoded").isPositive();
    Mutation mutation = new Mutation(seeds, new Random(SEED));
    for (int i = 0; i < RUNS / target.share(); i++) {
      Trial.run(target, mutation.next());
    }
  }

  /** The judge is judged, by decoders that break one promise each. */
  @Test
  void aDecoderThatLetsAnotherErrorOutIsFoundOut() {
    Target careless = Target.oneWay("careless", input -> input.toArray()[3]++);
    assertThatThrownBy(() -> drive(careless)).hasMessageContaining("it threw java.lang.ArrayIndex");
  }

  @Test
  void aDecoderThatBelievesALengthIsFoundOut() {
    Target credulous =
        Target.oneWay(
            "credulous",
            input -> {
              ByteReader in = new ByteReader(input);
              byte[] room = new byte[(int) (in.varint() & 0xff_ffff)];
              in.fixed(room.length);
            });
    assertThatThrownBy(() -> drive(credulous)).hasMessageContaining("bytes allocated");
  }

  @Test
  void aDecoderWithTwoSpellingsIsFoundOut() {
    assertThatThrownBy(() -> drive(Target.of("lenient", new Lenient())))
        .hasMessageContaining("it comes out as");
  }

  @Test
  void aDecoderThatRefusesWithoutAWordIsFoundOut() {
    Target silent =
        Target.oneWay(
            "silent",
            input -> {
              throw new MalformedException("");
            });
    assertThatThrownBy(() -> drive(silent)).hasMessageContaining("without a word");
  }

  @Test
  void theSameChanceDrawsTheSameInputs() {
    List<String> one = new ArrayList<>();
    List<String> other = new ArrayList<>();
    for (List<String> inputs : List.of(one, other)) {
      Mutation mutation = new Mutation(List.of(Bytes.utf8("seed")), new Random(7));
      for (int i = 0; i < 100; i++) {
        inputs.add(HexFormat.of().formatHex(mutation.next()));
      }
    }
    assertThat(one).isEqualTo(other).hasSizeGreaterThan(99);
  }

  private static void drive(Target target) {
    Mutation mutation = new Mutation(List.of(Bytes.utf8("seed")), new Random(SEED));
    for (int i = 0; i < RUNS; i++) {
      Trial.run(target, mutation.next());
    }
  }

  /** Forgets what follows the first byte. */
  private static final class Lenient implements Target.Door<Integer> {
    @Override
    public Integer decode(Bytes input) throws MalformedException {
      return new ByteReader(input).u8();
    }

    @Override
    public Bytes encode(Integer value) {
      return Bytes.wrap(new byte[] {value.byteValue()});
    }
  }
}
