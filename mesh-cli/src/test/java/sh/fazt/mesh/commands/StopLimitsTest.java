package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.store.KeyFolder;

/** A daemon that hangs keeps neither a person nor the system waiting. */
@Timeout(60)
final class StopLimitsTest {
  private static final long STEP_MILLIS = 1_000;

  @TempDir private Path folder;

  /** A command beside a database, by a clock that goes on a second at each look. */
  private Session session(AtomicLong clock) {
    Wiring still = new GoldenWorld(folder).wiring();
    CommonOptions options = new CommonOptions();
    options.database = Optional.of(folder.resolve("data.db"));
    return new Session(
        new Wiring(
            still.in(),
            still.hidden(),
            still.out(),
            still.err(),
            still.terminal(),
            still.environment(),
            still.home(),
            () -> clock.getAndAdd(STEP_MILLIS),
            still.chance(),
            still.replicas(),
            still.launcher(),
            still.bytes()),
        options);
  }

  @Test
  void aDaemonThatDoesNotEndIsNotWaitedForForEver() throws Exception {
    KeyFolder keys = KeyFolder.of(folder.resolve("data.db"));
    keys.create();
    Path lock = keys.path().resolve("lock");
    Files.writeString(lock, "4121\n");
    AtomicLong clock = new AtomicLong();
    Session session = session(clock);
    assertThatThrownBy(() -> LeaveCommand.awaitStop(session))
        .hasMessage("the daemon was told to end and has not after 10 seconds")
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
    assertThat(clock).hasValue(10_000 + STEP_MILLIS);
    Files.writeString(lock, "");
    LeaveCommand.awaitStop(session);
  }

  @Test
  void aSystemThatEndsADaemonWaitsForItNoLongerThanTheLimit() {
    StopSignal hangs = new StopSignal(0);
    hangs.onShutdown();
    hangs.await();
  }
}
