package sh.fazt.mesh.lan;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.VerifyKey;

/*
 One thread reads the sockets, keeps the cache and speaks. Nothing that comes from the network gets
 further than that thread, unless a member signed it: a flood reaches nobody else.
*/
/** Shows a node on its local networks and finds the other members there. Thread-safe. */
public final class Lan implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lan.class);

  private final LanConfig config;
  private final LanNode node;
  private final LanListener listener;
  private final LongSupplier nowMillis;
  private final Chance chance;
  private final Selector selector;
  private final LanSockets sockets;
  private final BeaconSeal seal;
  private final BeaconCache cache;
  private final BeaconPace pace;
  private final ConcurrentLinkedQueue<Runnable> told = new ConcurrentLinkedQueue<>();
  private final AtomicReference<LanView> view = new AtomicReference<>();
  private final Thread thread;
  private String name;
  private long sequence;
  private boolean closed;

  private Lan(LanConfig config, LanNode node, LanListener listener, Ambience ambience)
      throws IOException {
    this.config = config;
    this.node = node;
    this.name = node.name();
    this.listener = listener;
    this.nowMillis = ambience.nowMillis();
    this.chance = ambience.chance();
    this.seal = BeaconSeal.of(node.roster());
    this.cache = new BeaconCache(node.key().verifyKey(), node.roster().mesh(), seal);
    this.pace = new BeaconPace(chance, now());
    this.selector = Selector.open();
    this.sockets = new LanSockets(selector, config.udpPort());
    this.thread = new Thread(this::run, "mesh-lan");
    this.thread.setDaemon(true);
  }

  /**
   * What the beacons take from the world besides sockets.
   *
   * @param nowMillis a time that only grows, near the wall clock's Unix milliseconds; thread-safe
   */
  public record Ambience(LongSupplier nowMillis, Chance chance) {}

  /**
   * Begins to speak and to hear.
   *
   * @throws IOException if the system gives no sockets at all
   */
  public static Lan start(LanConfig config, LanNode node, LanListener listener, Ambience ambience)
      throws IOException {
    Lan lan = new Lan(config, node, listener, ambience);
    lan.tell(new BeaconInput.Members(node.others()));
    lan.follow();
    lan.show();
    lan.thread.start();
    return lan;
  }

  /** Who the other members are from now on; new ones are asked for. */
  public void members(Set<VerifyKey> others) {
    submit(
        () -> {
          tell(new BeaconInput.Members(others));
          pace.ask(now());
        });
  }

  /** What the node is called from now on. */
  public void rename(String other) {
    submit(
        () -> {
          name = other;
          pace.speakSoon(now());
        });
  }

  /** Asks who is here; who is answers within a second or two. */
  public void ask() {
    submit(() -> pace.ask(now()));
  }

  /** As it is now. */
  public LanView view() {
    return view.get();
  }

  private void submit(Runnable task) {
    told.add(task);
    selector.wakeup();
  }

  private long now() {
    return nowMillis.getAsLong();
  }

  private void run() {
    try (sockets) {
      while (!closed) {
        long waitMillis = Math.max(1, nextDueMillis() - now());
        selector.select(waitMillis);
        for (Runnable task = told.poll(); task != null; task = told.poll()) {
          task.run();
        }
        sockets.read(this::heard, now());
        tell(new BeaconInput.Passed());
        speak();
        show();
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("no more beacons are sent or heard", e);
    }
  }

  private long nextDueMillis() {
    long cacheDue = cache.nextDueMillis().orElse(Long.MAX_VALUE);
    return Math.min(Math.min(pace.nextDueMillis(), cacheDue), sockets.wake(now()));
  }

  private void heard(Bytes packet, String source, Network network) {
    tell(new BeaconInput.Heard(packet, source, network));
  }

  private void tell(BeaconInput input) {
    for (BeaconEvent event : cache.on(input, now())) {
      if (event instanceof BeaconEvent.Found found) {
        listener.found(found.neighbour());
      } else if (event instanceof BeaconEvent.Refreshed refreshed) {
        if (refreshed.changed()) {
          listener.changed(refreshed.neighbour());
        }
      } else if (event instanceof BeaconEvent.Lost lost) {
        listener.lost(lost.neighbour());
      } else if (event instanceof BeaconEvent.Asked) {
        pace.speakSoon(now());
      } else {
        throw new AssertionError("unhandled " + event);
      }
    }
  }

  private void speak() {
    Optional<Beacon.Kind> kind = pace.due(now());
    if (kind.isEmpty()) {
      return;
    }
    follow();
    sequence = Math.max(sequence + 1, now());
    sockets.send(at -> packet(kind.get(), at));
  }

  private Bytes packet(Beacon.Kind kind, LanInterface at) {
    Beacon beacon =
        new Beacon(kind, node.key().verifyKey(), sequence, name, config.tcpPort(), at.own());
    return seal.seal(BeaconClaim.sign(beacon, node.roster().mesh(), node.key()), chance);
  }

  /** Networks come and go while a node runs. */
  private void follow() {
    try {
      List<LanInterface> current = LanInterface.current(config);
      if (sockets.follow(current)) {
        LOG.info("beacons on {}", sockets.interfaces().stream().map(LanInterface::name).toList());
      }
    } catch (SocketException e) {
      LOG.debug("the interfaces cannot be looked at: {}", e.toString());
    }
  }

  private void show() {
    view.set(
        new LanView(
            sockets.interfaces().stream().map(LanInterface::name).toList(),
            cache.neighbours(),
            cache.counts()));
  }

  /**
   * Stops speaking and hearing, and waits for that; to be called when nothing else of this is any
   * more. Calling again does nothing.
   */
  @Override
  public void close() {
    if (!selector.isOpen()) {
      return;
    }
    submit(() -> closed = true);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    try {
      selector.close();
    } catch (IOException e) {
      LOG.debug("closing", e);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
