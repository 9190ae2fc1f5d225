package sh.fazt.mesh.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import sh.fazt.mesh.bytes.Bytes;

/**
 * One input, given to one decoder: whether it kept all that is promised of it. Confined to the
 * thread that runs it, whose memory it measures.
 */
public final class Trial {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What a first run takes for classes and caches is no fault of the decoder. */
  private static final int MEASURED_MAX = 3;

  private Trial() {}

  /**
   * @return whether the input was decoded; if not, it was refused as promised
   * @throws AssertionError if the decoder broke a promise; it names the input
   */
  public static boolean run(Target target, byte[] input) {
    try {
      return enter(target, target.door(), Bytes.copyOf(input));
    } catch (AssertionError e) {
      String hex = Bytes.copyOf(input).hex();
      throw new AssertionError(target + ": " + e.getMessage() + ", input " + hex, e.getCause());
    }
  }

  private static <T> boolean enter(Target target, Target.Door<T> door, Bytes input) {
    long allowed = target.allowance().bytes(input.size());
    Attempt<T> attempt = attempt(target, door, input);
    for (int i = 1; i < MEASURED_MAX && attempt.allocated > allowed; i++) {
      attempt = attempt(target, door, input);
    }
    if (attempt.allocated > allowed) {
      throw new AssertionError(
          attempt.allocated + " bytes allocated, " + allowed + " are allowed for " + input.size());
    }
    if (attempt.refused) {
      return false;
    }
    compare(target.spelling(), door, input, attempt.value);
    return true;
  }

  private record Attempt<T>(T value, boolean refused, long allocated) {}

  private static <T> Attempt<T> attempt(Target target, Target.Door<T> door, Bytes input) {
    T value = null;
    Throwable thrown = null;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      value = door.decode(input);
    } catch (Throwable e) {
      // Justification: whatever comes out is judged.
      thrown = e;
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (thrown != null && !target.refusal().test(thrown)) {
      throw new AssertionError("it threw " + thrown, thrown);
    } else if (thrown != null && String.valueOf(thrown.getMessage()).isBlank()) {
      throw new AssertionError("it refused without a word", thrown);
    }
    return new Attempt<>(value, thrown != null, allocated);
  }

  private static <T> void compare(
      Target.Spelling spelling, Target.Door<T> door, Bytes input, T value) {
    if (spelling == Target.Spelling.NONE) {
      return;
    }
    try {
      Bytes again = door.encode(value);
      if (spelling == Target.Spelling.ONE && !again.equals(input)) {
        throw new AssertionError("it comes out as " + again.hex());
      } else if (!door.decode(again).equals(value)) {
        throw new AssertionError("what comes out as " + again.hex() + " reads otherwise");
      }
    } catch (Exception e) {
      throw new AssertionError("what was decoded cannot be encoded: " + e, e);
    }
  }
}
