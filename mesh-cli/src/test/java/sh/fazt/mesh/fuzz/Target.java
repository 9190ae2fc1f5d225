package sh.fazt.mesh.fuzz;

import java.util.List;
import java.util.function.Predicate;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * A decoder of bytes from outside, and what is promised of it.
 *
 * @param name what {@code scripts/sim fuzz --target} calls it
 * @param door the decoder and its encoder
 * @param refusals how it may refuse; whatever else it throws is a fault
 * @param allowance how much memory it may take
 * @param spelling how what is decoded is encoded again
 * @param share one in so many executions of the others; 1 where it takes microseconds
 */
public record Target(
    String name,
    Door<?> door,
    List<Class<? extends Exception>> refusals,
    Allowance allowance,
    Spelling spelling,
    int share) {

  /**
   * Decodes and encodes. Its law: no effect, and the same answer to the same bytes.
   *
   * @param <T> what is decoded; equal where it means the same
   */
  public interface Door<T> {
    T decode(Bytes input) throws Exception;

    Bytes encode(T value) throws Exception;
  }

  /** A decoder whose result is not written by us. */
  public interface Entrance {
    void enter(Bytes input) throws Exception;
  }

  /**
   * How many bytes may be allocated for an input of n bytes: {@code perByte}·n + {@code fixed}.
   *
   * @param perByte objects for each byte of input
   * @param fixed tables, caches, the exception with its trace
   */
  public record Allowance(long perByte, long fixed) {
    static final Allowance USUAL = new Allowance(400, 256 << 10);

    long bytes(int inputBytes) {
      return perByte * inputBytes + fixed;
    }
  }

  /** What holds of decode∘encode. */
  public enum Spelling {
    /** A value has one spelling: the same bytes come out. */
    ONE,
    /** An equal value comes out. */
    EQUAL,
    /** It is never encoded. */
    NONE
  }

  /**
   * A decoder that refuses with {@link MalformedException} alone, and whose values have one form.
   */
  public static Target of(String name, Door<?> door) {
    return new Target(
        name, door, List.of(MalformedException.class), Allowance.USUAL, Spelling.ONE, 1);
  }

  /** A decoder whose result is not written by us. */
  public static Target oneWay(String name, Entrance entrance) {
    Door<Boolean> door =
        new Door<>() {
          @Override
          public Boolean decode(Bytes input) throws Exception {
            entrance.enter(input);
            return true;
          }

          @Override
          public Bytes encode(Boolean value) {
            throw new AssertionError("never encoded");
          }
        };
    return of(name, door).spelled(Spelling.NONE);
  }

  public Target refusing(Class<? extends Exception> refusal) {
    return new Target(name, door, List.of(refusal), allowance, spelling, share);
  }

  public Target refusing(Class<? extends Exception> one, Class<? extends Exception> other) {
    return new Target(name, door, List.of(one, other), allowance, spelling, share);
  }

  public Target allowed(long perByte, long fixed) {
    return new Target(name, door, refusals, new Allowance(perByte, fixed), spelling, share);
  }

  public Target spelled(Spelling other) {
    return new Target(name, door, refusals, allowance, other, share);
  }

  public Target oneIn(int executions) {
    return new Target(name, door, refusals, allowance, spelling, executions);
  }

  /** Whether that is how it may refuse. */
  Predicate<Throwable> refusal() {
    return thrown -> refusals.stream().anyMatch(type -> type.isInstance(thrown));
  }

  @Override
  public String toString() {
    return name;
  }
}
