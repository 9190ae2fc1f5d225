package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Acknowledgement;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fingerprint.Fingerprint;
import sh.fazt.mesh.fingerprint.StateAnswer;
import sh.fazt.mesh.fingerprint.StateQuestion;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/** Draws messages of every kind. */
public final class Samples {
  private final RandomGenerator random;
  private final Chance chance;

  public Samples(RandomGenerator random) {
    this.random = random;
    this.chance = Chance.from(random);
  }

  /** One of each, in the order of their types. */
  public List<Message> all() {
    return List.of(
        new Hello(
            1,
            new MeshId(hash()),
            site(),
            "laptop " + random.nextInt(100),
            "0.1.0",
            millis(),
            List.of("203.0.113.7:8443", "[2001:db8::7]:8443").subList(0, random.nextInt(3)),
            summary(2)),
        new SummaryHash(hash(), random.nextBoolean()),
        new SummaryVector(summary(5)),
        new Want(id(), 1 + random.nextInt(1 << 30), ranges()),
        new Grant(id(), 1 + random.nextInt(1 << 30)),
        new Stop(id()),
        new Done(id()),
        new Batch(dot(), bytes(1, 2_000)),
        part(),
        new Have(summary(3)),
        new Graft(key()),
        new Prune(key()),
        new RosterHash(hash()),
        new RosterOps(ops()),
        new Ping(random.nextLong(), millis()),
        new Pong(random.nextLong(), millis()),
        new Bye("leaving"),
        new Refuse("NOT_A_MEMBER", "not known here"),
        new Locations(List.of(location())),
        acknowledged(),
        new Floors(summary(3)),
        new SnapshotAsk(id(), id()),
        new SnapshotTell(id(), id(), random.nextBoolean(), bytes(0, 300)),
        new StateAsk(id(), question()),
        new StateTell(id(), answer()),
        broadcast());
  }

  Acknowledged acknowledged() {
    return new Acknowledged(
        Acknowledgement.sign(
            new MeshId(hash()), SigningKey.generate(chance), millis(), summary(3)));
  }

  Location location() {
    return Location.sign(
        new MeshId(hash()), SigningKey.generate(chance), millis(), List.of("203.0.113.7:8443"));
  }

  /** One of any kind. */
  Message any() {
    List<Message> all = all();
    return all.get(random.nextInt(all.size()));
  }

  Bytes bytes(int min, int max) {
    return chance.bytes(min + random.nextInt(max - min));
  }

  Broadcast broadcast() {
    SigningKey key = SigningKey.generate(chance);
    SiteId site = new SiteId(key.verifyKey(), 1 + random.nextInt(300));
    BroadcastId id =
        new BroadcastId(site, 1 + random.nextLong(1L << 40), 1 + random.nextLong(1L << 40));
    Broadcast signed =
        Broadcast.sign(new Broadcast.Content(new MeshId(hash()), id, millis(), bytes(0, 300)), key);
    int hops = random.nextInt(MessageLimits.BROADCAST_HOPS_MAX + 1);
    return new Broadcast(hops, signed.content(), signed.signature());
  }

  private StateQuestion question() {
    return random.nextBoolean()
        ? new StateQuestion.Whole(hash())
        : new StateQuestion.Rows(hash(), List.of(random.nextLong(), random.nextLong()));
  }

  private StateAnswer answer() {
    return random.nextBoolean()
        ? new StateAnswer.NotNow(StateAnswer.Why.SYNCING)
        : new StateAnswer.Root(hash(), new Fingerprint(random.nextInt(1 << 20), hash()));
  }

  private BatchPart part() {
    boolean last = random.nextBoolean();
    int size = last ? 1 + random.nextInt(100) : MessageLimits.PART_BYTES_MIN;
    return new BatchPart(dot(), random.nextInt(100), last, chance.bytes(size));
  }

  private List<Bytes> ops() {
    List<Bytes> ops = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      ops.add(bytes(0, 300));
    }
    return ops;
  }

  private List<DotRange> ranges() {
    List<DotRange> ranges = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      long from = 1 + random.nextLong(1L << 40);
      ranges.add(new DotRange(site(), from, from + random.nextLong(1L << 20)));
    }
    return ranges;
  }

  private Summary summary(int sites) {
    Map<SiteId, Head> heads = new TreeMap<>();
    for (int i = random.nextInt(sites + 1); i > 0; i--) {
      heads.put(site(), new Head(1 + random.nextLong(1L << 40), hash()));
    }
    return Summary.of(heads);
  }

  private Dot dot() {
    return new Dot(site(), 1 + random.nextLong(1L << 40));
  }

  private SiteId site() {
    return new SiteId(key(), 1 + random.nextInt(300));
  }

  private VerifyKey key() {
    return SigningKey.generate(chance).verifyKey();
  }

  private Hash hash() {
    return new Hash(chance.bytes(Hash.SIZE));
  }

  private long id() {
    return random.nextLong(MessageLimits.WANT_ID_MAX + 1);
  }

  private long millis() {
    return random.nextLong(1L << 48);
  }
}
