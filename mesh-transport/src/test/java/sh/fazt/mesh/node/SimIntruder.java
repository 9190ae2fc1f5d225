package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.gossip.Batch;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.MessageLimits;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.wire.BatchSeal;

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
  private final List<Bytes> said = new ArrayList<>();

  SimIntruder(SimNode node, SimTime time) {
    this.node = node;
    this.time = time;
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
      case 0 -> lie("flipped", flipped(frame));
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

  private Bytes flipped(Bytes bytes) {
    byte[] copy = bytes.toArray();
    copy[time.random.nextInt(copy.length)] ^= (byte) (1 << time.random.nextInt(8));
    return Bytes.wrap(copy);
  }

  /** As many bytes as no message may have, but a frame. */
  private static Bytes oversize() {
    byte[] frame =
        new byte[Math.min(MessageLimits.PART_BYTES_MAX + 1_000, MeshLink.FRAME_BYTES_MAX)];
    frame[0] = Batch.TYPE;
    return Bytes.wrap(frame);
  }

  private List<Bytes> ofBatch(Batch said) {
    sh.fazt.mesh.change.Batch batch = BatchSeal.reopen(said.envelope());
    Optional<SigningKey> key = node.isUp() ? Optional.of(node.mesh().nodeKey()) : Optional.empty();
    boolean own =
        key.map(SigningKey::verifyKey).equals(Optional.of(said.dot().site().node()))
            && batch.carried().isEmpty();
    if (!own || time.happens(300)) {
      Bytes forged = frame(said, flipped(said.envelope()));
      return lie(own ? "forged" : "forged of others", forged);
    }
    BatchHeader header = batch.header();
    if (time.happens(300)) {
      MeshId another = new MeshId(Hash.of(new byte[] {1}, 1));
      return lie("of another mesh", signed(said, of(header, another, 0), batch.changes(), key));
    }
    List<Change> some = batch.changes();
    boolean fewer = some.size() > 1 && time.happens(500);
    return lie(
        "signed twice",
        signed(
            said,
            of(header, header.mesh(), fewer ? 0 : 1),
            fewer ? some.subList(0, some.size() - 1) : some,
            key));
  }

  private static Bytes frame(Batch said, Bytes envelope) {
    return MessageCodec.encode(new Batch(said.dot(), envelope));
  }

  private static BatchHeader of(BatchHeader header, MeshId mesh, int epochs) {
    return new BatchHeader(
        mesh,
        header.dot(),
        header.previous(),
        header.part(),
        header.last(),
        header.policyEpoch() + epochs,
        header.low(),
        header.high(),
        header.seen());
  }

  private static Bytes signed(
      Batch said, BatchHeader header, List<Change> changes, Optional<SigningKey> key) {
    var batch = new sh.fazt.mesh.change.Batch(header, changes);
    return frame(said, BatchSeal.sign(batch, key.orElseThrow()).signed().envelope());
  }
}
