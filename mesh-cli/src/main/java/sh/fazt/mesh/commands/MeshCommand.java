package sh.fazt.mesh.commands;

import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Failure;

/** What commands have in common: options, a session, one way to fail. */
abstract class MeshCommand implements Callable<Integer> {
  static final int OK = 0;

  @Mixin private final CommonOptions options = new CommonOptions();

  private final Wiring wiring;

  MeshCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  /** Does the work and returns the exit status. */
  abstract int run(Session session);

  @Override
  public final Integer call() {
    Session session = new Session(wiring, options);
    try {
      return run(session);
    } catch (MeshException e) {
      return failed(session, e, Failure.of(e));
    } catch (UncheckedIOException e) {
      return failed(
          session,
          e,
          new Failure(ErrorCode.FAILURE, String.valueOf(e.getMessage()), Optional.empty()));
    } catch (RuntimeException | Error e) {
      return failed(
          session, e, new Failure(ErrorCode.FAILURE, "internal error: " + e, Optional.empty()));
    } finally {
      wiring.out().flush();
      wiring.err().flush();
    }
  }

  private int failed(Session session, Throwable cause, Failure failure) {
    session
        .screen()
        .failure(
            new Failure(failure.code(), failure.message(), failure.remedy().map(session::command)));
    if (options.verbose) {
      cause.printStackTrace(wiring.err());
    }
    return failure.code().exitStatus();
  }
}
