package sh.fazt.mesh.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.ProtocolDocument;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Acknowledgement;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fingerprint.Fingerprint;
import sh.fazt.mesh.fingerprint.Prefix;
import sh.fazt.mesh.fingerprint.StateAnswer;
import sh.fazt.mesh.fingerprint.StateQuestion;
import sh.fazt.mesh.gossip.Acknowledged;
import sh.fazt.mesh.gossip.Batch;
import sh.fazt.mesh.gossip.BatchPart;
import sh.fazt.mesh.gossip.Broadcast;
import sh.fazt.mesh.gossip.BroadcastId;
import sh.fazt.mesh.gossip.Bye;
import sh.fazt.mesh.gossip.Done;
import sh.fazt.mesh.gossip.Floors;
import sh.fazt.mesh.gossip.Graft;
import sh.fazt.mesh.gossip.Grant;
import sh.fazt.mesh.gossip.Have;
import sh.fazt.mesh.gossip.Hello;
import sh.fazt.mesh.gossip.Location;
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
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;

/** The bytes of one message of each kind, as docs/protocol.md shows them; they change never. */
final class MessageVectorsTest {
  private static final SiteId SITE =
      new SiteId(SigningKey.ofSeed(Bytes.wrap(new byte[32])).verifyKey(), 1);
  private static final Hash HASH = Hash.of(Bytes.utf8("fazt"));
  private static final Summary SUMMARY = Summary.EMPTY.with(SITE, new Head(300, HASH));
  private static final Summary FORKED = Summary.of(SUMMARY.heads(), Map.of(SITE, 301L));
  private static final Dot DOT = new Dot(SITE, 301);
  private static final long NOW = 1_763_805_734_123L;

  private static final List<Message> MESSAGES =
      List.of(
          new Hello(
              1,
              new MeshId(HASH),
              SITE,
              "vps",
              "0.1.0",
              NOW,
              List.of("203.0.113.7:8443"),
              Summary.EMPTY),
          new SummaryHash(FORKED.hash(), true),
          new SummaryVector(FORKED),
          new Want(7, 2 << 20, List.of(new DotRange(SITE, 301, 400))),
          new Grant(7, 512 << 10),
          new Stop(7),
          new Done(7),
          new Batch(DOT, Bytes.utf8("envelope")),
          new BatchPart(DOT, 1, true, Bytes.utf8("lope")),
          new Have(SUMMARY),
          new Graft(SITE.node()),
          new Prune(SITE.node()),
          new RosterHash(HASH),
          new RosterOps(List.of(Bytes.utf8("op 1"), Bytes.utf8("op 2"))),
          new StateAsk(7, new StateQuestion.Ranges(HASH, List.of(new Prefix(0xabL << 56, 2)))),
          new StateTell(7, new StateAnswer.Root(HASH, new Fingerprint(18_204, HASH))),
          new Ping(0x0123456789abcdefL, NOW),
          new Pong(0x0123456789abcdefL, NOW + 41),
          new Bye("stopping"),
          new Refuse("NOT_A_MEMBER", "no such member"),
          new Locations(
              List.of(
                  Location.sign(
                      new MeshId(HASH),
                      SigningKey.ofSeed(Bytes.wrap(new byte[32])),
                      NOW,
                      List.of("203.0.113.7:8443")))),
          new Acknowledged(
              Acknowledgement.sign(
                  new MeshId(HASH), SigningKey.ofSeed(Bytes.wrap(new byte[32])), NOW, SUMMARY)),
          new Floors(SUMMARY),
          new SnapshotAsk(7, 3),
          new SnapshotTell(7, 3, true, Bytes.utf8("rows")),
          Broadcast.sign(
              new Broadcast.Content(
                  new MeshId(HASH),
                  new BroadcastId(SITE, 2, 7),
                  NOW,
                  Bytes.utf8("{\"deploy\":\"blog\"}")),
              SigningKey.ofSeed(Bytes.wrap(new byte[32]))));

  @Test
  void everyKindHasAVector() {
    Set<Class<?>> kinds =
        MESSAGES.stream().<Class<?>>map(Message::getClass).collect(Collectors.toSet());
    assertThat(kinds).isEqualTo(Set.of(Message.class.getPermittedSubclasses()));
  }

  @Test
  void theBytesAreThoseOfTheVectors() {
    Map<String, String> written = new LinkedHashMap<>();
    MESSAGES.forEach(m -> written.put(m.getClass().getSimpleName(), MessageCodec.encode(m).hex()));
    assertThat(ProtocolDocument.vectors()).containsAllEntriesOf(written);
  }

  @Test
  void theVectorsReadAsTheMessages() throws MalformedException {
    for (Message message : MESSAGES) {
      String hex = ProtocolDocument.vector(message.getClass().getSimpleName());
      assertThat(MessageCodec.decode(Bytes.fromHex(hex))).isEqualTo(message);
    }
  }
}
