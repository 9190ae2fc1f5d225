package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.gossip.Floors;
import sh.fazt.mesh.gossip.Have;
import sh.fazt.mesh.gossip.Ping;
import sh.fazt.mesh.gossip.Refuse;
import sh.fazt.mesh.gossip.RosterOps;
import sh.fazt.mesh.gossip.SnapshotAsk;
import sh.fazt.mesh.gossip.SnapshotTell;
import sh.fazt.mesh.gossip.SummaryVector;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Heads;
import sh.fazt.mesh.roster.Remove;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.roster.SignedOp;
import sh.fazt.mesh.wire.BatchSeal;

/**
 * A member with a valid key that says to one node, the vps, whatever it can over real links, while
 * an honest one, the phone, is linked with that node and writes.
 */
class HostileMemberTest extends LoopbackNodes {
  private static final String SCHEMA =
      "SELECT type || name || coalesce(sql, '') FROM sqlite_schema ORDER BY 1";
  private static final long DAY_MILLIS = 86_400_000L;

  private final Random random = new Random(5);
  private final Queue<String> parted = new ConcurrentLinkedQueue<>();
  private MeshNode vps;
  private MeshNode phone;
  private LyingMember liar;
  private SiteId phonesSite;
  private int written;
  private List<String> schema;

  @BeforeEach
  void trio() {
    vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    phone = join("phone", vps);
    joiner(LyingMember.NAME, invite(vps)).join();
    try (Mesh joined = Mesh.open(file(LyingMember.NAME), Ambient.system())) {
      liar = new LyingMember(joined);
    }
    phonesSite = phone.ask(Mesh::site).join();
    sync(phone);
    schema = sql("vps", SCHEMA);
    vps.events(
        event -> {
          if (event.kind() == NodeEvent.Kind.PEER_DISCONNECTED) {
            parted.add(event.subject());
          }
        });
    honestyGoesOn();
  }

  @AfterEach
  void end() {
    liar.close();
  }

  /** What the phone writes arrives, by the link that it had from the beginning. */
  private void honestyGoesOn() {
    sql("phone", "INSERT INTO t VALUES ('honest" + ++written + "', 'as written')");
    await(() -> honest().size() == written);
    assertThat(parted).doesNotContain("phone");
  }

  private List<String> honest() {
    return sql("vps", "SELECT id FROM t WHERE v = 'as written'");
  }

  /** Neither rows nor tables are other than honest members have made them. */
  private void nothingIsTakenIn() {
    assertThat(sql("vps", "SELECT id FROM t")).hasSize(written);
    assertThat(sql("vps", SCHEMA)).isEqualTo(schema);
    assertThat(sql("phone", "SELECT id FROM t")).hasSize(written);
  }

  private Head ofPhone() {
    return vps.ask(mesh -> mesh.summary().head(phonesSite).orElseThrow()).join();
  }

  private int warnings() {
    return LogBook.warnings(LyingMember.NAME, liar.key.verifyKey().toString()).size();
  }

  /** The last batch of the phone, as it has signed it. */
  private Bytes lastOfPhone() {
    String last = "SELECT hex(envelope) FROM _mesh_batch ORDER BY id DESC LIMIT 1";
    return Bytes.fromHex(sql("phone", last).get(0));
  }

  @Test
  void whatIsForgedCostsTheLinkAndOneLineAndNobodyElseNotices() {
    new Forgeries(liar, () -> new Forgeries.Victim(phonesSite, ofPhone(), lastOfPhone()))
        .all()
        .forEach(
            (what, frame) -> {
              int before = warnings();
              LyingMember.Line line = liar.call(vps);
              line.say(frame.get());
              line.isClosed();
              honestyGoesOn();
              assertThat(warnings()).as(what).isEqualTo(before + 1);
            });
    nothingIsTakenIn();
  }

  /** Its own batches are its own affair: what they name is looked up, and not there. */
  @Test
  void whatNamesOurTablesComesFromTheFutureOrIsSignedTwiceChangesNothing() {
    LyingMember.Line line = liar.call(vps);
    List<Bytes> chain = new ArrayList<>();
    Hlc stamp = Hlc.atMillis(System.currentTimeMillis());
    for (String table : List.of("_mesh_meta", "sqlite_master", "x\"; DROP TABLE t; --")) {
      stamp = stamp.next();
      chain.add(liar.own(last(chain), LyingMember.row(table, "lie", stamp)));
    }
    Optional<Head> before = last(chain);
    Hlc tenYears = Hlc.atMillis(System.currentTimeMillis() + 3_650 * DAY_MILLIS);
    chain.add(liar.own(before, LyingMember.row("t", "future", tenYears)));
    Bytes second = liar.own(before, LyingMember.row("t", "second", tenYears));
    chain.forEach(each -> line.say(Forgeries.frame(BatchSeal.signed(each).dot(), each)));
    line.stays();
    assertThat(vps.status().figures().parked()).isEqualTo(4);
    line.say(Forgeries.frame(BatchSeal.signed(second).dot(), second));
    line.stays();
    for (int i = 0; i < 3; i++) {
      chain.forEach(each -> line.say(Forgeries.frame(BatchSeal.signed(each).dot(), each)));
      line.say(Forgeries.frame(BatchSeal.signed(lastOfPhone()).dot(), lastOfPhone()));
    }
    line.stays();
    honestyGoesOn();
    nothingIsTakenIn();
  }

  private static Optional<Head> last(List<Bytes> chain) {
    return chain.stream()
        .reduce((one, next) -> next)
        .map(BatchSeal::signed)
        .map(last -> new Head(last.dot().seq(), last.hash()));
  }

  @Test
  void aStateThatNobodyAskedForIsPassedOverAndOneThatIsNoneCostsTheLink() {
    LyingMember.Line line = liar.call(vps);
    Bytes nonsense = Chance.from(random).bytes(50_000);
    line.say(new SnapshotTell(1, 0, true, nonsense));
    line.say(new SnapshotAsk(7, 12_345));
    line.stays();
    honestyGoesOn();
    int before = warnings();
    line.say(new Floors(Summary.of(Map.of(phonesSite, new Head(1_000, Hash.ZERO)))));
    line.say(new SnapshotTell(line.asked().id(), 0, true, nonsense));
    line.isClosed();
    honestyGoesOn();
    assertThat(warnings()).isEqualTo(before + 1);
    nothingIsTakenIn();
  }

  @Test
  void aRosterThatIsNoneCostsTheLinkAndChangesNoMembership() {
    LyingMember.Line line = liar.call(vps);
    line.say(new RosterOps(List.of(Chance.from(random).bytes(300))));
    line.isClosed();
    honestyGoesOn();
    assertThat(vps.peers()).extracting(PeerStatus::name).containsExactly("phone", "liar");
  }

  @Test
  void whoSaysThatWeWereRemovedIsNotBelieved() {
    LyingMember.Line line = liar.call(vps);
    line.say(new Refuse(ErrorCode.REMOVED.name(), "this node was removed from the mesh"));
    line.isClosed();
    LyingMember.Line again = liar.call(vps);
    Roster roster = vps.ask(mesh -> mesh.membership().roster()).join();
    VerifyKey node = vps.ask(mesh -> mesh.nodeKey().verifyKey()).join();
    SigningKey nobodys = SigningKey.generate(Chance.from(random));
    for (SigningKey signer : List.of(liar.key, nobodys)) {
      SignedOp removal = roster.next(new Remove(node, Heads.NONE), signer);
      again.say(new RosterOps(List.of(removal.encoded())));
    }
    again.stays();
    honestyGoesOn();
    assertThat(vps.status().verdict()).isNotEqualTo(NodeStatus.Verdict.REMOVED);
    assertThat(phone.peers()).extracting(PeerStatus::name).contains("vps");
  }

  /** What the tablet wrote is on the phone alone by now; the liar says that it has it, and more. */
  @Test
  void whoSaysThatItHoldsWhatItDoesNotGiveKeepsNothingFromUs() {
    MeshNode tablet = join("tablet", phone);
    sync(tablet);
    String address = vps.listening();
    stop(vps);
    sql("tablet", "INSERT INTO t VALUES ('hidden', 'as written')");
    sync(tablet);
    await(() -> sql("phone", "SELECT id FROM t").contains("hidden"));
    SiteId site = tablet.ask(Mesh::site).join();
    long seq = phone.ask(mesh -> mesh.summary().seq(site)).join();
    stop(tablet);
    vps = startAt("vps", address);
    LyingMember.Line line = liar.call(vps);
    line.say(new Have(Summary.of(Map.of(site, new Head(seq + 5, Hash.ZERO)))));
    await(() -> sql("vps", "SELECT id FROM t").contains("hidden"));
    line.stays();
  }

  @Test
  void aFloodStopsNobodyElse() {
    Map<String, Consumer<LyingMember.Line>> floods = new TreeMap<>();
    floods.put("batches", this::floodOfBatches);
    floods.put("broadcasts", this::floodOfBroadcasts);
    floods.put("pings", line -> repeat(20_000, i -> line.say(new Ping(-i, 0))));
    floods.put("summaries", this::floodOfSummaries);
    floods.forEach(
        (what, flood) -> {
          LyingMember.Line line = liar.call(vps);
          CompletableFuture<Void> said = CompletableFuture.runAsync(() -> flood.accept(line));
          do {
            honestyGoesOn();
          } while (!said.isDone());
          said.join();
          line.stays();
          honestyGoesOn();
          line.close();
        });
    nothingIsTakenIn();
  }

  private static void repeat(int times, Consumer<Integer> work) {
    for (int i = 1; i <= times; i++) {
      work.accept(i);
    }
  }

  /** As valid as any that come too early; they wait, as far as there is room. */
  private void floodOfBatches(LyingMember.Line line) {
    Bytes envelope = Chance.from(new Random(6)).bytes(20_000);
    repeat(6_000, i -> line.say(Forgeries.frame(new Dot(liar.site, 1L + i), envelope)));
  }

  private void floodOfBroadcasts(LyingMember.Line line) {
    repeat(3_000, i -> line.say(liar.said(i)));
  }

  /** Of sites that nobody has heard of, others each time. */
  private void floodOfSummaries(LyingMember.Line line) {
    Chance chance = Chance.from(new Random(7));
    repeat(
        60,
        i -> {
          Map<SiteId, Head> heads = new TreeMap<>();
          for (int j = 0; j < 1_000; j++) {
            VerifyKey nobody = SigningKey.generate(chance).verifyKey();
            heads.put(new SiteId(nobody, 1), new Head(9, Hash.ZERO));
          }
          Summary summary = Summary.of(heads);
          line.say(i % 2 == 0 ? new Have(summary) : new SummaryVector(summary));
        });
  }
}
