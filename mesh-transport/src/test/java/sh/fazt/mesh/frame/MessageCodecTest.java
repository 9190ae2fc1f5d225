package sh.fazt.mesh.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.gossip.Batch;
import sh.fazt.mesh.gossip.Hello;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.MessageLimits;
import sh.fazt.mesh.gossip.Refuse;
import sh.fazt.mesh.gossip.Samples;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;

final class MessageCodecTest {
  @Test
  void everyKindOfMessageSurvivesTheWire() throws MalformedException {
    Set<Class<?>> kinds = Set.of(Message.class.getPermittedSubclasses());
    for (long seed = 0; seed < 200; seed++) {
      List<Message> samples = new Samples(new Random(seed)).all();
      assertThat(samples.stream().<Class<?>>map(Message::getClass).collect(Collectors.toSet()))
          .isEqualTo(kinds);
      for (Message message : samples) {
        assertThat(MessageCodec.decode(MessageCodec.encode(message)))
            .as("seed " + seed)
            .isEqualTo(message);
      }
    }
  }

  @Test
  void everyKindHasItsOwnTypeInTheRange() {
    List<Integer> types = new Samples(new Random(1)).all().stream().map(Message::type).toList();
    assertThat(types)
        .doesNotHaveDuplicates()
        .allMatch(type -> type >= MessageCodec.TYPE_MIN && type <= MessageCodec.TYPE_MAX);
  }

  @Test
  void noTypeBeforeTheFirstOrBehindTheLastIsRead() {
    for (Message message : new Samples(new Random(1)).all()) {
      byte[] frame = MessageCodec.encode(message).toArray();
      for (int type = 0; type < 256; type++) {
        if (type < MessageCodec.TYPE_MIN || type > MessageCodec.TYPE_MAX) {
          frame[0] = (byte) type;
          Bytes other = Bytes.copyOf(frame);
          assertThatThrownBy(() -> MessageCodec.decode(other))
              .as("type %d", type)
              .isInstanceOf(MalformedException.class);
        }
      }
    }
  }

  @Test
  void damagedFramesAreMalformedOrAnotherMessageAndNothingElse() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      for (Message message : new Samples(random).all()) {
        byte[] frame = MessageCodec.encode(message).toArray();
        decodes(Arrays.copyOf(frame, random.nextInt(frame.length)), seed);
        for (int i = 0; i < 10; i++) {
          byte[] flipped = frame.clone();
          flipped[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
          decodes(flipped, seed);
        }
        decodes(Arrays.copyOf(frame, frame.length + 1 + random.nextInt(9)), seed);
      }
    }
  }

  @Test
  void noiseIsMalformedOrAMessageAndNothingElse() {
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] noise = new byte[random.nextInt(120)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = (byte) random.nextInt(0x1c);
      }
      decodes(noise, seed);
    }
  }

  @Test
  void aFrameOverTheLimitIsMalformed() {
    byte[] frame = new byte[MeshLink.FRAME_BYTES_MAX + 1];
    frame[0] = Batch.TYPE;
    assertThatThrownBy(() -> MessageCodec.decode(Bytes.wrap(frame)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void aCountBeyondTheBytesThatFollowTakesNoMemory() {
    Bytes vector = new ByteWriter().u8(0x03).varint(Summary.SITES_MAX).toBytes();
    Bytes ops = new ByteWriter().u8(0x0e).varint(MessageLimits.ROSTER_OPS_MAX).toBytes();
    Bytes want = new ByteWriter().u8(0x04).u32(1).u32(1).varint(10_000).toBytes();
    for (Bytes frame : List.of(vector, ops, want)) {
      assertThatThrownBy(() -> MessageCodec.decode(frame)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void limitsAreCrossedOneByOne() {
    Dot dot = new Dot(site(), 1);
    assertThatThrownBy(() -> new Batch(dot, Bytes.wrap(new byte[MessageLimits.PART_BYTES_MAX + 1])))
        .isInstanceOf(IllegalArgumentException.class);
    assertMalformed(batchOf(dot, MessageLimits.PART_BYTES_MAX + 1));
    assertMalformed(batchOf(dot, 0));
    assertMalformed(new ByteWriter().u8(0x04).u32(1).u32(1).varint(10_001));
    assertMalformed(new ByteWriter().u8(0x04).u32(1).u32(1).varint(0));
    assertMalformed(new ByteWriter().u8(0x05).u32(1).u32(0));
    assertMalformed(
        new ByteWriter().u8(0x0e).varint(1).varint(MessageLimits.ROSTER_OP_BYTES_MAX + 1));
    assertMalformed(new ByteWriter().u8(0x11).varint(MessageLimits.TEXT_BYTES_MAX + 1));
  }

  @Test
  void textOfAPeerCannotSteerATerminal() {
    assertMalformed(new ByteWriter().u8(0x11).text("bye \u001b[2J"));
    assertMalformed(new ByteWriter().u8(0x11).text("bye \u202e"));
    assertThat(new Refuse("FAILURE", "two\nlines " + "x".repeat(600)).message())
        .startsWith("two lines xxx")
        .hasSize(MessageLimits.TEXT_BYTES_MAX);
  }

  @Test
  void aHelloOfAnotherVersionIsReadThoughItHasMore() throws MalformedException {
    Hello later =
        new Hello(2, new MeshId(Hash.ZERO), site(), "vps", "9.0", 1, List.of(), Summary.EMPTY);
    Bytes more = Bytes.concat(MessageCodec.encode(later), Bytes.utf8("something"));
    assertThat(MessageCodec.decode(more)).isEqualTo(later);
    Hello ours =
        new Hello(1, new MeshId(Hash.ZERO), site(), "vps", "0.1", 1, List.of(), Summary.EMPTY);
    Bytes tooMuch = Bytes.concat(MessageCodec.encode(ours), Bytes.utf8("x"));
    assertThatThrownBy(() -> MessageCodec.decode(tooMuch)).isInstanceOf(MalformedException.class);
  }

  private static void decodes(byte[] frame, long seed) {
    try {
      MessageCodec.decode(Bytes.copyOf(frame));
    } catch (MalformedException expected) {
      assertThat(expected).as("seed " + seed).hasMessageMatching("(?s).+");
    }
  }

  private static void assertMalformed(ByteWriter frame) {
    assertThatThrownBy(() -> MessageCodec.decode(frame.toBytes()))
        .isInstanceOf(MalformedException.class);
  }

  private static ByteWriter batchOf(Dot dot, int size) {
    ByteWriter out = new ByteWriter().u8(Batch.TYPE);
    dot.writeTo(out);
    return out.raw(new byte[size]);
  }

  private static SiteId site() {
    return new SiteId(SigningKey.ofSeed(Bytes.wrap(new byte[32])).verifyKey(), 1);
  }
}
