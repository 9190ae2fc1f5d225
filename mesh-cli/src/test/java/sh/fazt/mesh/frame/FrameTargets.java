package sh.fazt.mesh.frame;

import java.util.List;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fuzz.Target;
import sh.fazt.mesh.gossip.Message;

/** Gossip messages. */
public final class FrameTargets {
  private FrameTargets() {}

  public static List<Target> all() {
    // A hello of a later version may have more than we write.
    return List.of(Target.of("message", new Messages()).spelled(Target.Spelling.EQUAL));
  }

  private static final class Messages implements Target.Door<Message> {
    @Override
    public Message decode(Bytes input) throws MalformedException {
      return MessageCodec.decode(input);
    }

    @Override
    public Bytes encode(Message message) {
      return MessageCodec.encode(message);
    }
  }
}
