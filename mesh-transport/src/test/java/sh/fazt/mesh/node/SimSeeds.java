package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Runs the worlds of many seeds, each on one thread from its beginning to its end, as many at once
 * as the machine has processors. The first that breaks a promise ends them all.
 */
final class SimSeeds {
  /** Seeds between two words about how far it is. */
  private static final int TOLD_EVERY = 50;

  private final LongFunction<SimFigures> world;
  private final Consumer<String> progress;

  /**
   * @param world runs that of one seed; called on several threads at once
   * @param progress told now and then how it goes
   */
  SimSeeds(LongFunction<SimFigures> world, Consumer<String> progress) {
    this.world = world;
    this.progress = progress;
  }

  /** One figure a seed, in their order. */
  List<SimFigures> run(long first, int count) {
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<Future<SimFigures>> running =
          LongStream.range(first, first + count)
              .mapToObj(seed -> threads.submit(() -> world.apply(seed)))
              .toList();
      List<SimFigures> all = new ArrayList<>();
      for (Future<SimFigures> each : running) {
        all.add(each.get());
        if (all.size() % TOLD_EVERY == 0 && all.size() < count) {
          progress.accept(SimFigures.summary(all));
        }
      }
      return all;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
