package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

final class BundleDeskTest {
  private static final Path DATABASE = Path.of("data.db");

  @Test
  void whoWritesFasterThanIsTakenInIsNotWaitedForForEver() {
    AtomicInteger asked = new AtomicInteger();
    assertThatThrownBy(
            () ->
                BundleDesk.turns(
                    DATABASE,
                    () -> {
                      asked.incrementAndGet();
                      return Optional.empty();
                    }))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_BUSY));
    assertThat(asked).hasValue(BundleDesk.TURNS_MAX);
  }

  @Test
  void theLastTurnStillCounts() {
    AtomicInteger asked = new AtomicInteger();
    int last =
        BundleDesk.turns(
            DATABASE,
            () ->
                Optional.of(asked.incrementAndGet()).filter(turn -> turn == BundleDesk.TURNS_MAX));
    assertThat(last).isEqualTo(BundleDesk.TURNS_MAX);
  }
}
