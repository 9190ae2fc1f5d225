package sh.fazt.mesh.node;

import java.util.ArrayDeque;
import java.util.Deque;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * One end of a simulated link: an ordered stream that is slow, fills up, stalls, and breaks, of
 * which the two ends may hear long one after the other, or one of them never.
 */
final class SimLink implements MeshLink {
  private static final int HIGH_BYTES = 64 << 10;
  private static final int LOW_BYTES = 32 << 10;
  private static final int BYTES_PER_MILLI = 10_000;

  final int owner;
  final int peerIndex;
  private final SimNetwork network;
  private final SimTime time;
  private final VerifyKey peer;
  private final LinkListener listener;
  private final Deque<Item> way = new ArrayDeque<>();
  private SimLink other = this;
  private long wayBytes;
  private long lastDue;
  private long blockedSince = Long.MAX_VALUE;
  private boolean pumping;
  private boolean opened;
  private boolean open = true;
  private boolean broken;
  private boolean full;
  private boolean reading = true;
  private boolean parted;

  /** What is on its way to the other end; an empty frame is the end. */
  private record Item(Bytes frame, long dueMillis) {}

  SimLink(SimNetwork network, int owner, int peerIndex, VerifyKey peer, LinkListener listener) {
    this.network = network;
    this.time = network.time;
    this.owner = owner;
    this.peerIndex = peerIndex;
    this.peer = peer;
    this.listener = listener;
  }

  void joinedTo(SimLink otherEnd) {
    other = otherEnd;
    otherEnd.other = this;
  }

  /** This end knows of the link from now on, unless it has broken meanwhile. */
  boolean opened() {
    if (open) {
      opened = true;
      listener.opened(this);
      other.pump();
    }
    return open;
  }

  @Override
  public void send(Bytes frame) {
    if (frame.isEmpty() || frame.size() > FRAME_BYTES_MAX) {
      throw new IllegalArgumentException("frame of " + frame.size() + " bytes");
    }
    if (!open || broken) {
      return;
    }
    network.sent(owner, frame);
    if (network.loses()) {
      breakOff("a frame is lost");
      return;
    }
    network.said(owner, frame).forEach(this::put);
    if (wayBytes > HIGH_BYTES && !full) {
      full = true;
      time.in(0, () -> listener.writabilityChanged(this));
    }
  }

  private void put(Bytes frame) {
    wayBytes += frame.size();
    lastDue =
        Math.max(lastDue, time.nowMillis() + network.delay()) + frame.size() / BYTES_PER_MILLI;
    way.add(new Item(frame, lastDue));
    pump();
  }

  /** Moves on what is due at the other end. */
  void pump() {
    if (!pumping && !way.isEmpty() && !broken && other.opened && other.reading) {
      pumping = true;
      time.at(way.element().dueMillis(), this::arrive);
    }
  }

  private void arrive() {
    pumping = false;
    if (broken || way.isEmpty() || !other.reading) {
      return;
    }
    if (network.isBlocked(owner, peerIndex)) {
      blocked();
      return;
    }
    blockedSince = Long.MAX_VALUE;
    Item item = way.remove();
    wayBytes -= item.frame().size();
    if (item.frame().isEmpty()) {
      other.end("closed by the peer");
    } else if (other.open && !network.swallowed.test(item.frame())) {
      time.trace(item.frame().hashCode());
      other.listener.frame(other, item.frame());
    }
    if (full && wayBytes < LOW_BYTES && open) {
      full = false;
      time.in(0, () -> listener.writabilityChanged(this));
    }
    pump();
  }

  /** What cannot pass waits, until the sender loses patience. */
  private void blocked() {
    if (blockedSince == Long.MAX_VALUE) {
      blockedSince = time.nowMillis();
    }
    if (time.nowMillis() - blockedSince > SimNetwork.PATIENCE_MILLIS) {
      breakOff("nothing gets through");
      return;
    }
    pumping = true;
    time.in(
        time.between(50, 250),
        () -> {
          pumping = false;
          arrive();
        });
  }

  /** Nothing passes any more; each end hears of it some time, or finds out by itself. */
  void breakOff(String why) {
    if (broken) {
      return;
    }
    broken = true;
    other.broken = true;
    time.in(network.notice(), () -> end(why));
    time.in(network.notice(), () -> other.end(why));
  }

  /** This end's node is gone, which the other one may be told at once, or never. */
  void die(boolean silently) {
    open = false;
    broken = true;
    other.broken = true;
    if (!silently) {
      time.in(network.delay(), () -> other.end("reset by the peer"));
    }
  }

  private void end(String why) {
    if (open) {
      open = false;
      network.gone(this);
      if (opened) {
        listener.closed(this, why);
      }
    }
  }

  @Override
  public boolean writable() {
    return open && !full;
  }

  @Override
  public void read(boolean on) {
    reading = on;
    if (on) {
      other.pump();
    }
  }

  @Override
  public VerifyKey peer() {
    return peer;
  }

  @Override
  public String path() {
    return "direct";
  }

  @Override
  public String address() {
    return SimNetwork.address(peerIndex);
  }

  @Override
  public void close() {
    parted = true;
    if (open) {
      if (!broken) {
        put(Bytes.EMPTY);
      }
      time.in(0, () -> end("closed here"));
    }
  }

  @Override
  public boolean isParted() {
    return parted;
  }

  @Override
  public String toString() {
    return "link of " + owner + " to " + peerIndex;
  }
}
