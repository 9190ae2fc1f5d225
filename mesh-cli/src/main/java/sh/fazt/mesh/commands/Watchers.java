package sh.fazt.mesh.commands;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.node.MeshNode;
import sh.fazt.mesh.node.NodeEvent;
import sh.fazt.mesh.node.NodeMessage;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/**
 * Who watches a node, and what each is still to be told: {@code {id, type, source, data,
 * timestamp}}. Thread-safe.
 */
final class Watchers {
  /** At a time; others need connections too. */
  static final int WATCHERS_MAX = 16;

  /** Events that wait for one watcher; what goes beyond it is told the number of. */
  static final int WAITING_MAX = 1_000;

  private static final long LOOK_MILLIS = 100;
  private static final long SILENCE_MILLIS_MAX = 5_000;

  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
  private final String source;
  private final String run;
  private final LongSupplier clock;
  private final long silenceMillisMax;
  private final AtomicLong count = new AtomicLong();

  private static final class Watcher {
    private final ArrayBlockingQueue<Json.Obj> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong lost = new AtomicLong();
  }

  /**
   * @param source the node's id
   */
  Watchers(String source, LongSupplier clock) {
    this(source, clock, SILENCE_MILLIS_MAX);
  }

  /**
   * @param silenceMillisMax after which a watcher that hears of nothing is told that this lives
   */
  Watchers(String source, LongSupplier clock, long silenceMillisMax) {
    this.silenceMillisMax = silenceMillisMax;
    this.source = source;
    this.run = Long.toString(clock.getAsLong(), Character.MAX_RADIX);
    this.clock = clock;
  }

  /** Watchers of a node; closes it where it cannot be asked who it is. */
  static Watchers of(MeshNode node, LongSupplier clock) {
    try {
      Watchers watchers = new Watchers(node.status().id().text(), clock);
      node.events(watchers::tell);
      node.messages(watchers::tell);
      return watchers;
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  /** On any thread; never blocks. */
  void tell(NodeEvent event) {
    String type = "mesh." + event.kind().name().toLowerCase(Locale.ROOT).replace('_', '.');
    Json.Obj data = Json.object().with("node", event.subject()).with("count", event.count());
    spread(event(type, source, data, event.atMillis()));
  }

  /** The same. */
  void tell(NodeMessage message) {
    Json.Obj data =
        Json.object()
            .with("id", message.id())
            .with("node", message.name())
            .with("payload", payload(message))
            .with("sent_at", message.sentMillis());
    spread(event("mesh.broadcast", message.from().text(), data, clock.getAsLong()));
  }

  /** JSON as it is; of what is none, the bytes. */
  private static Json payload(NodeMessage message) {
    try {
      return JsonText.parse(message.text());
    } catch (MalformedException e) {
      return Json.object().with("hex", message.payload().hex());
    }
  }

  private Json.Obj event(String type, String from, Json.Obj data, long atMillis) {
    return Json.object()
        .with("id", run + "-" + count.incrementAndGet())
        .with("type", type)
        .with("source", from)
        .with("data", data)
        .with("timestamp", atMillis);
  }

  private void spread(Json.Obj event) {
    for (Watcher watcher : watchers) {
      if (!watcher.waiting.offer(event)) {
        watcher.lost.incrementAndGet();
      }
    }
  }

  /**
   * Passes events on until nobody listens any more.
   *
   * @throws MeshException TOO_MANY if there are too many watchers
   */
  Json.Obj watch(Notes notes) {
    if (watchers.size() >= WATCHERS_MAX) {
      throw new MeshException(
          ErrorCode.TOO_MANY, WATCHERS_MAX + " others are watching already", "End one of them");
    }
    Watcher watcher = new Watcher();
    watchers.add(watcher);
    try {
      pass(watcher, notes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watchers.remove(watcher);
    }
    return Json.object().with("ended", true);
  }

  private void pass(Watcher watcher, Notes notes) throws InterruptedException {
    notes.progress(Json.object().with("watching", true));
    long silentMillis = 0;
    while (notes.isOpen()) {
      Json.Obj event = watcher.waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      silentMillis = event == null ? silentMillis + LOOK_MILLIS : 0;
      if (event != null) {
        notes.event(event);
        tellOfLost(watcher, notes);
      } else if (silentMillis >= silenceMillisMax) {
        notes.progress(Json.object().with("watching", true));
        silentMillis = 0;
      }
    }
  }

  private void tellOfLost(Watcher watcher, Notes notes) {
    if (watcher.waiting.isEmpty()) {
      long lost = watcher.lost.getAndSet(0);
      if (lost > 0) {
        Json.Obj data = Json.object().with("count", lost);
        notes.event(event("mesh.watch.lost", source, data, clock.getAsLong()));
      }
    }
  }
}
