package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.Acknowledgement;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.gossip.Acknowledged;
import sh.fazt.mesh.gossip.Batch;
import sh.fazt.mesh.gossip.Broadcast;
import sh.fazt.mesh.gossip.BroadcastId;
import sh.fazt.mesh.gossip.Location;
import sh.fazt.mesh.gossip.Locations;
import sh.fazt.mesh.gossip.Ping;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.Forgery;

/** Frames that no honest node would send, each of which is to cost its sender the link. */
final class Forgeries {
  private static final long DAY_MILLIS = 86_400_000L;

  private final Chance chance = Chance.from(new Random(5));
  private final LyingMember liar;
  private final Supplier<Victim> victim;

  /**
   * @param victim in whose name is lied, as it stands at that moment
   */
  Forgeries(LyingMember liar, Supplier<Victim> victim) {
    this.liar = liar;
    this.victim = victim;
  }

  /**
   * An honest member.
   *
   * @param last the envelope of its last batch
   */
  record Victim(SiteId site, Head head, Bytes last) {}

  static Bytes frame(Dot dot, Bytes envelope) {
    return MessageCodec.encode(new Batch(dot, envelope));
  }

  /** Each by what it is, made when it is asked for. */
  Map<String, Supplier<Bytes>> all() {
    Map<String, Supplier<Bytes>> lies = new LinkedHashMap<>();
    lies.put("an invention under a signature of another batch", this::keptSignature);
    lies.put("an invention that the liar signs", this::signedByTheLiar);
    lies.put("a flipped bit", () -> own(flipped()));
    lies.put("noise", () -> own(chance.bytes(500)));
    lies.put("a batch of another mesh", () -> own(ofAnotherMesh()));
    lies.put("a bomb that says so", () -> own(Bytes.wrap(Zstd.compress(new byte[200_000_000]))));
    lies.put("a bomb that does not", () -> own(modestBomb()));
    lies.put("a type that is none", () -> Bytes.fromHex("3f00"));
    lies.put("a frame cut off", () -> MessageCodec.encode(new Ping(1, 1)).slice(0, 5));
    lies.put("a frame with more behind it", Forgeries::tooLong);
    lies.put("oversize", this::oversize);
    lies.put("a second hello", () -> MessageCodec.encode(liar.hello()));
    lies.put("another's acknowledgement", this::acknowledgement);
    lies.put("another's place", this::place);
    lies.put("another's broadcast", this::broadcast);
    return lies;
  }

  private static Bytes tooLong() {
    return Bytes.concat(MessageCodec.encode(new Ping(1, 1)), Bytes.utf8("x"));
  }

  /** The largest frame that a link takes, in which no batch may be so large. */
  private Bytes oversize() {
    Bytes begun = own(chance.bytes(100));
    return Bytes.concat(begun, chance.bytes(MeshLink.FRAME_BYTES_MAX - begun.size()));
  }

  private Bytes own(Bytes envelope) {
    return frame(new Dot(liar.site, 1), envelope);
  }

  private Bytes keptSignature() {
    return invented(batch -> Forgery.keepingSignature(victim.get().last(), batch));
  }

  private Bytes signedByTheLiar() {
    return invented(batch -> Forgery.signedBy(liar.key, batch));
  }

  private Bytes invented(Function<sh.fazt.mesh.change.Batch, Bytes> seal) {
    Victim now = victim.get();
    var batch = liar.batch(now.site(), Optional.of(now.head()), LyingMember.row("t", "invented"));
    return frame(batch.header().dot(), seal.apply(batch));
  }

  private Bytes flipped() {
    byte[] copy = liar.own(Optional.empty(), LyingMember.row("t", "lie")).toArray();
    copy[copy.length / 2] ^= 1;
    return Bytes.wrap(copy);
  }

  private Bytes ofAnotherMesh() {
    MeshId other = new MeshId(Hash.of(Bytes.utf8("another mesh")));
    Hlc stamp = Hlc.atMillis(System.currentTimeMillis());
    BatchHeader header =
        new BatchHeader(
            other, new Dot(liar.site, 1), Hash.ZERO, 0, true, 0, stamp, stamp, List.of());
    var batch = new sh.fazt.mesh.change.Batch(header, List.of(LyingMember.row("t", "lie", stamp)));
    return BatchSeal.sign(batch, liar.key).signed().envelope();
  }

  /** It states a thousand bytes, where RFC 8878, §3.1.1.1, has the size of the content. */
  private static Bytes modestBomb() {
    byte[] bomb = Zstd.compress(new byte[50_000_000]);
    boolean hasWindow = (bomb[4] & 0x20) == 0;
    ByteBuffer.wrap(bomb).order(ByteOrder.LITTLE_ENDIAN).putInt(hasWindow ? 6 : 5, 1_000);
    assertThat(Zstd.getFrameContentSize(bomb)).isEqualTo(1_000);
    return Bytes.wrap(bomb);
  }

  private Bytes acknowledgement() {
    long later = System.currentTimeMillis() + DAY_MILLIS;
    Bytes signature = Acknowledgement.sign(liar.mesh, liar.key, later, Summary.EMPTY).signature();
    return MessageCodec.encode(
        new Acknowledged(
            new Acknowledgement(victim.get().site().node(), later, Summary.EMPTY, signature)));
  }

  private Bytes place() {
    long later = System.currentTimeMillis() + 60_000;
    List<String> elsewhere = List.of("127.0.0.1:1");
    Bytes signature = Location.sign(liar.mesh, liar.key, later, elsewhere).signature();
    Location location = new Location(victim.get().site().node(), later, elsewhere, signature);
    return MessageCodec.encode(new Locations(List.of(location)));
  }

  private Bytes broadcast() {
    Broadcast own = liar.said(1);
    var content =
        new Broadcast.Content(
            liar.mesh,
            new BroadcastId(victim.get().site(), 1, 1),
            own.content().sentMillis(),
            own.content().payload());
    return MessageCodec.encode(new Broadcast(0, content, own.signature()));
  }
}
