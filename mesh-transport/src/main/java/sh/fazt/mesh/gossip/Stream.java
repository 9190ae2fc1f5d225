package sh.fazt.mesh.gossip;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.wire.SignedBatch;

/** The answer to one want; confined to the engine. */
final class Stream {
  private final PeerState peer;
  private final long id;
  private final List<DotRange> ranges;
  private final Deque<SignedBatch> unsent = new ArrayDeque<>();
  private long windowBytes;
  private int nextPart;
  private boolean reading;
  private boolean resting;

  Stream(PeerState peer, long id, List<DotRange> ranges, long windowBytes) {
    this.peer = peer;
    this.id = id;
    this.ranges = List.copyOf(ranges);
    this.windowBytes = windowBytes;
  }

  void widen(int bytes) {
    windowBytes += bytes;
  }

  void read(List<SignedBatch> batches) {
    reading = false;
    unsent.addAll(batches);
  }

  /** The rest between two steps is over. */
  void resume(Turn turn, int stepBytes) {
    resting = false;
    pump(turn, stepBytes);
  }

  /** Sends one step of what was read, or reads on. Between two steps others have their turn. */
  void pump(Turn turn, int stepBytes) {
    if (reading || resting || !peer.writable) {
      return;
    }
    int sent = 0;
    while (sent < stepBytes && !unsent.isEmpty()) {
      sent += sendNext(turn, unsent.element());
    }
    windowBytes -= sent;
    if (!unsent.isEmpty()) {
      resting = true;
      turn.schedule(new Timer.Stream(peer.key, id), turn.nowMillis);
    } else if (windowBytes > 0) {
      reading = true;
      int bytesMax = (int) Math.min(windowBytes, stepBytes);
      turn.add(new Output.Provide(peer.key, id, ranges, bytesMax));
    }
  }

  private int sendNext(Turn turn, SignedBatch batch) {
    Bytes envelope = batch.envelope();
    peer.pushed.raise(batch.dot().site(), batch.dot().seq());
    if (envelope.size() <= MessageLimits.PART_BYTES_MAX) {
      unsent.remove();
      turn.send(peer, new Batch(batch.dot(), envelope));
      return envelope.size();
    }
    int from = nextPart * MessageLimits.PART_BYTES_MAX;
    int to = Math.min(envelope.size(), from + MessageLimits.PART_BYTES_MAX);
    boolean last = to == envelope.size();
    turn.send(peer, new BatchPart(batch.dot(), nextPart, last, envelope.slice(from, to)));
    nextPart = last ? 0 : nextPart + 1;
    if (last) {
      unsent.remove();
    }
    return to - from;
  }
}
