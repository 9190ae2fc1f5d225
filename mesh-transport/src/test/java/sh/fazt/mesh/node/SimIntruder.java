package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.gossip.Batch;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.MessageLimits;

/**
 * A member with a valid key that lies. Its node is as any, so it gets as far as any; what it says
 * is spoilt on the way out.
 */
final class SimIntruder {
  private static final int REMEMBERED_MAX = 200;
  private static final int FLOOD_MAX = 300;

  /** How often in a thousand it lies; of a batch, more often. */
  private static final int LIES = 40;

  private static final int LIES_OF_BATCHES = 300;

  /** How far ahead its clock may be: some of its stamps count at once, some wait past the end. */
  private static final long AHEAD_MAX = 20 * 60_000;

  private final SimNode node;
  private final SimTime time;
  private final SimForger forger;
  private final List<Bytes> said = new ArrayList<>();

  SimIntruder(SimNode node, SimTime time, SimForger forger) {
    this.node = node;
    this.time = time;
    this.forger = forger;
    node.app.ownAlone();
  }

  int index() {
    return node.index;
  }

  /** Goes on for a while: writes, sets its clock, and starts again when it was found out. */
  void goOn() {
    if (!node.faults.isEmpty()) {
      time.count("intruder stopped");
      node.crash(false);
      node.faults.clear();
    }
    node.start();
    if (time.happens(100)) {
      node.offMillis = time.between(-AHEAD_MAX, AHEAD_MAX);
      time.count("intruder's clock set wrong");
    }
    if (node.app.write()) {
      node.wake();
    }
  }

  void end() {
    node.crash(false);
  }

  /** What is said in place of a frame. */
  List<Bytes> say(Bytes frame) {
    if (said.size() < REMEMBERED_MAX) {
      said.add(frame);
    } else {
      said.set(time.random.nextInt(REMEMBERED_MAX), frame);
    }
    if (read(frame) instanceof Batch batch && time.happens(LIES_OF_BATCHES)) {
      return ofBatch(batch);
    }
    return time.happens(LIES) ? ofAny(frame) : List.of(frame);
  }

  private static Message read(Bytes frame) {
    try {
      return MessageCodec.decode(frame);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private List<Bytes> lie(String kind, Bytes... frames) {
    time.count("lies: " + kind);
    return List.of(frames);
  }

  private List<Bytes> ofAny(Bytes frame) {
    Bytes old = said.get(time.random.nextInt(said.size()));
    return switch (time.random.nextInt(5)) {
      case 0 -> lie("flipped", forger.flipped(frame));
      case 1 -> lie("cut off", frame.slice(0, 1 + time.random.nextInt(frame.size())));
      case 2 -> lie("oversize", frame, oversize());
      case 3 -> flood(frame, old);
      default -> lie("replayed", frame, old);
    };
  }

  private List<Bytes> flood(Bytes frame, Bytes old) {
    time.count("lies: flood");
    List<Bytes> flood = new ArrayList<>(List.of(frame));
    flood.addAll(Collections.nCopies(1 + time.random.nextInt(FLOOD_MAX), old));
    return flood;
  }

  /** As many bytes as no message may have, but a frame. */
  private static Bytes oversize() {
    byte[] frame =
        new byte[Math.min(MessageLimits.PART_BYTES_MAX + 1_000, MeshLink.FRAME_BYTES_MAX)];
    frame[0] = Batch.TYPE;
    return Bytes.wrap(frame);
  }

  private List<Bytes> ofBatch(Batch said) {
    if (!node.isUp()) {
      return List.of(frame(said.dot(), forger.flipped(said.envelope())));
    }
    SimForger.Lie lie = forger.of(said.envelope(), node.mesh());
    return lie(lie.kind(), frame(lie.dot(), lie.envelope()));
  }

  private static Bytes frame(Dot dot, Bytes envelope) {
    return MessageCodec.encode(new Batch(dot, envelope));
  }
}
