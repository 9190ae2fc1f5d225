package sh.fazt.mesh.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fingerprint.StateAnswer;
import sh.fazt.mesh.fingerprint.StateQuestion;
import sh.fazt.mesh.gossip.BatchPart;
import sh.fazt.mesh.gossip.Done;
import sh.fazt.mesh.gossip.Grant;
import sh.fazt.mesh.gossip.Hello;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.MessageLimits;
import sh.fazt.mesh.gossip.Refuse;
import sh.fazt.mesh.gossip.RosterOps;
import sh.fazt.mesh.gossip.SnapshotAsk;
import sh.fazt.mesh.gossip.StateAsk;
import sh.fazt.mesh.gossip.StateTell;
import sh.fazt.mesh.gossip.Stop;
import sh.fazt.mesh.gossip.Want;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;

/** Limits of gossip messages that {@link MessageCodecTest} does not cross, each crossed by one. */
final class MessageLimitsTest {
  private static final SigningKey KEY = SigningKey.ofSeed(Bytes.fromHex("05".repeat(32)));
  private static final SiteId SITE = new SiteId(KEY.verifyKey(), 1);

  private static void isRefused(ByteWriter frame, String why) {
    assertThatThrownBy(() -> MessageCodec.decode(frame.toBytes()))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  private static ByteWriter hello() {
    ByteWriter out = new ByteWriter().u8(Hello.TYPE).varint(1).raw(Hash.ZERO.value());
    SITE.writeTo(out);
    return out;
  }

  @Test
  void tooLongNamesInAHello() {
    String name = "x".repeat(MessageLimits.NAME_BYTES_MAX + 1);
    isRefused(hello().text(name), "length 129 over 128");
    isRefused(hello().text("vps").text(name), "length 129 over 128");
  }

  @Test
  void noNumberOfAWantIsLongerThanItsField() throws MalformedException {
    List<LongFunction<Message>> kinds =
        List.of(
            id -> new Want(id, 1, List.of(new DotRange(SITE, 1, 1))),
            id -> new Grant(id, 1),
            Stop::new,
            Done::new,
            id -> new StateAsk(id, new StateQuestion.Whole(Hash.ZERO)),
            id -> new StateTell(id, new StateAnswer.NotNow(StateAnswer.Why.BUSY)),
            id -> new SnapshotAsk(id, 0),
            id -> new SnapshotAsk(0, id));
    for (LongFunction<Message> kind : kinds) {
      Message last = kind.apply(MessageLimits.WANT_ID_MAX);
      assertThat(MessageCodec.decode(MessageCodec.encode(last))).isEqualTo(last);
      assertThatThrownBy(() -> kind.apply(MessageLimits.WANT_ID_MAX + 1))
          .as(last.toString())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void tooManyOrTooLongAddresses() {
    isRefused(
        hello().text("vps").text("1").u64(1).varint(MessageLimits.ADDRESSES_MAX + 1L),
        "addresses 17 over 16");
    isRefused(
        hello()
            .text("vps")
            .text("1")
            .u64(1)
            .varint(1)
            .text("x".repeat(MessageLimits.ADDRESS_BYTES_MAX + 1)),
        "length 281 over 280");
  }

  @Test
  void tooManyIncarnations() throws MalformedException {
    ByteWriter most = hello().text("vps").text("1").u64(1).varint(0);
    heads(MessageLimits.INCARNATIONS_MAX).writeTo(most);
    assertThat(MessageCodec.decode(most.toBytes())).isInstanceOf(Hello.class);
    ByteWriter more = hello().text("vps").text("1").u64(1).varint(0);
    heads(MessageLimits.INCARNATIONS_MAX + 1).writeTo(more);
    isRefused(more, "hello of version 1");
    Summary tooMany = heads(MessageLimits.INCARNATIONS_MAX + 1);
    MeshId mesh = new MeshId(Hash.ZERO);
    assertThatThrownBy(() -> new Hello(1, mesh, SITE, "vps", "1", 1, List.of(), tooMany))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Summary heads(int count) {
    Map<SiteId, Head> heads = new TreeMap<>();
    for (int i = 1; i <= count; i++) {
      heads.put(new SiteId(KEY.verifyKey(), i), new Head(1, Hash.ZERO));
    }
    return Summary.of(heads);
  }

  @Test
  void tooManyParts() {
    ByteWriter part = new ByteWriter().u8(BatchPart.TYPE);
    SITE.writeTo(part);
    isRefused(part.varint(1).varint(MessageLimits.PARTS_MAX), "part 4229 over 4228");
  }

  @Test
  void tooManyBytesOfOperations() {
    Bytes largest = Bytes.wrap(new byte[MessageLimits.ROSTER_OP_BYTES_MAX]);
    int most = MessageLimits.ROSTER_BYTES_MAX / MessageLimits.ROSTER_OP_BYTES_MAX;
    assertThat(new RosterOps(Collections.nCopies(most, largest)).ops()).hasSize(most);
    ByteWriter more = new ByteWriter().u8(RosterOps.TYPE).varint(most + 1L);
    for (int i = 0; i <= most; i++) {
      more.bytes(largest);
    }
    isRefused(more, "too many bytes");
  }

  @Test
  void tooManyOperations() {
    ByteWriter more = new ByteWriter().u8(RosterOps.TYPE);
    more.varint(MessageLimits.ROSTER_OPS_MAX + 1L);
    for (int i = 0; i <= MessageLimits.ROSTER_OPS_MAX; i++) {
      more.bytes(Bytes.utf8("op"));
    }
    isRefused(more, "1025 over 1024");
  }

  @Test
  void tooLongACode() {
    isRefused(
        new ByteWriter().u8(Refuse.TYPE).text("X".repeat(MessageLimits.CODE_BYTES_MAX + 1)),
        "length 65 over 64");
  }

  @Test
  void tooManySitesInASummary() {
    isRefused(new ByteWriter().u8(0x03).varint(Summary.SITES_MAX + 1L), "10001 over 10000");
  }
}
