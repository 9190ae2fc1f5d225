package sh.fazt.mesh.frame;

import static java.util.Map.entry;

import java.util.Map;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.gossip.Acknowledged;
import sh.fazt.mesh.gossip.Batch;
import sh.fazt.mesh.gossip.BatchPart;
import sh.fazt.mesh.gossip.Broadcast;
import sh.fazt.mesh.gossip.Bye;
import sh.fazt.mesh.gossip.Done;
import sh.fazt.mesh.gossip.Floors;
import sh.fazt.mesh.gossip.Graft;
import sh.fazt.mesh.gossip.Grant;
import sh.fazt.mesh.gossip.Have;
import sh.fazt.mesh.gossip.Hello;
import sh.fazt.mesh.gossip.Locations;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.Ping;
import sh.fazt.mesh.gossip.Pong;
import sh.fazt.mesh.gossip.Prune;
import sh.fazt.mesh.gossip.Refuse;
import sh.fazt.mesh.gossip.RosterHash;
import sh.fazt.mesh.gossip.RosterOps;
import sh.fazt.mesh.gossip.SnapshotAsk;
import sh.fazt.mesh.gossip.SnapshotTell;
import sh.fazt.mesh.gossip.StateAsk;
import sh.fazt.mesh.gossip.StateTell;
import sh.fazt.mesh.gossip.Stop;
import sh.fazt.mesh.gossip.SummaryHash;
import sh.fazt.mesh.gossip.SummaryVector;
import sh.fazt.mesh.gossip.Want;

/** Turns gossip messages into frame payloads and back: one byte of type, then the fields. */
public final class MessageCodec {
  /** The first and the last type of a gossip message. */
  public static final int TYPE_MIN = 0x01;

  public static final int TYPE_MAX = 0x3f;

  private static final Map<Integer, Reader> READERS =
      Map.ofEntries(
          entry(Hello.TYPE, Hello::readFrom),
          entry(SummaryHash.TYPE, SummaryHash::readFrom),
          entry(SummaryVector.TYPE, SummaryVector::readFrom),
          entry(Want.TYPE, Want::readFrom),
          entry(Grant.TYPE, Grant::readFrom),
          entry(Stop.TYPE, Stop::readFrom),
          entry(Done.TYPE, Done::readFrom),
          entry(Batch.TYPE, Batch::readFrom),
          entry(BatchPart.TYPE, BatchPart::readFrom),
          entry(Have.TYPE, Have::readFrom),
          entry(Graft.TYPE, Graft::readFrom),
          entry(Prune.TYPE, Prune::readFrom),
          entry(RosterHash.TYPE, RosterHash::readFrom),
          entry(RosterOps.TYPE, RosterOps::readFrom),
          entry(StateAsk.TYPE, StateAsk::readFrom),
          entry(StateTell.TYPE, StateTell::readFrom),
          entry(Ping.TYPE, Ping::readFrom),
          entry(Pong.TYPE, Pong::readFrom),
          entry(Locations.TYPE, Locations::readFrom),
          entry(Acknowledged.TYPE, Acknowledged::readFrom),
          entry(Floors.TYPE, Floors::readFrom),
          entry(SnapshotAsk.TYPE, SnapshotAsk::readFrom),
          entry(SnapshotTell.TYPE, SnapshotTell::readFrom),
          entry(Bye.TYPE, Bye::readFrom),
          entry(Refuse.TYPE, Refuse::readFrom),
          entry(Broadcast.TYPE, Broadcast::readFrom));

  private MessageCodec() {}

  /** At most {@link MeshLink#FRAME_BYTES_MAX} bytes. */
  public static Bytes encode(Message message) {
    ByteWriter out = new ByteWriter();
    message.writeTo(out.u8(message.type()));
    Bytes frame = out.toBytes();
    if (frame.size() > MeshLink.FRAME_BYTES_MAX) {
      throw new IllegalStateException("a frame of " + frame.size() + " bytes");
    }
    return frame;
  }

  /**
   * @throws MalformedException if the type is unknown, a field breaks a limit, or bytes are missing
   *     or left over
   */
  public static Message decode(Bytes frame) throws MalformedException {
    if (frame.size() > MeshLink.FRAME_BYTES_MAX) {
      throw new MalformedException("a frame of " + frame.size() + " bytes");
    }
    ByteReader in = new ByteReader(frame);
    int type = in.u8();
    Reader reader = READERS.get(type);
    if (reader == null) {
      throw new MalformedException("no message of type " + type);
    }
    Message message = reader.read(in);
    in.end();
    return message;
  }

  @FunctionalInterface
  private interface Reader {
    Message read(ByteReader in) throws MalformedException;
  }
}
