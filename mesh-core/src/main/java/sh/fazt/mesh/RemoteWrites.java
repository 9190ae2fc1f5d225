package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import sh.fazt.mesh.apply.Arrivals;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.apply.Ingestion;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.wire.VerifiedBatch;

/**
 * Takes in what peers send: checked outside any transaction, delivered in one that takes in first
 * what was written here. Confined.
 */
final class RemoteWrites {
  private final Consumer<Runnable> writer;
  private final WriteGuard guard;
  private final LocalWrites local;
  private final Ingestion ingestion;
  private final Ambient ambient;
  private long rowsReceived;

  /**
   * @param writer runs work in one write transaction, and rolls it back if it throws
   */
  RemoteWrites(
      Consumer<Runnable> writer,
      WriteGuard guard,
      LocalWrites local,
      Ingestion ingestion,
      Ambient ambient) {
    this.writer = writer;
    this.guard = guard;
    this.local = local;
    this.ingestion = ingestion;
    this.ambient = ambient;
  }

  /** See {@link Mesh#ingest}. */
  List<Ingested> ingest(List<Bytes> envelopes) {
    guard.requireWhole();
    Arrivals arrivals = Arrivals.check(envelopes, guard::ownPast);
    List<Ingested> results = new ArrayList<>();
    boolean waits = !arrivals.verified().isEmpty();
    while (waits) {
      local.catchUp();
      writer.accept(
          () -> {
            if (local.takeLittle()) {
              results.addAll(deliver(arrivals));
            }
          });
      waits = results.isEmpty();
    }
    rowsReceived += arrivals.changesDelivered(results);
    for (Ingested end : arrivals.ended().stream().toList()) {
      if (end instanceof Ingested.OwnPast past) {
        guard.lose(past.dot());
      }
      results.add(end);
    }
    return results;
  }

  /** See {@link Branches#prove}. */
  boolean prove(Bytes one, Bytes other) {
    guard.requireWhole();
    Arrivals arrivals = Arrivals.check(List.of(one, other), guard::ownPast);
    AtomicBoolean proven = new AtomicBoolean();
    if (arrivals.ended().isEmpty()) {
      VerifiedBatch first = arrivals.verified().get(0);
      VerifiedBatch second = arrivals.verified().get(1);
      writer.accept(() -> proven.set(ingestion.prove(first, second, ambient.now())));
    }
    return proven.get();
  }

  private List<Ingested> deliver(Arrivals arrivals) {
    List<Ingested> each = ingestion.ingest(arrivals.verified(), ambient.now());
    local.retry();
    return each;
  }

  /** How many changes peers' batches have brought since this replica was opened. */
  long rowsReceived() {
    return rowsReceived;
  }
}
