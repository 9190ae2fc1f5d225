package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.Forgery;

/**
 * What a simulated liar makes of a batch. All that is in another's name, and of another content
 * than that other wrote, holds what {@link SimJudge} would find; what is in its own name holds
 * values of keys that nobody else writes.
 */
final class SimForger {
  /** What keys begin with that the liar has written in one of two batches with one number. */
  static final String SECOND = "second";

  /** How far ahead of its time another's batch is stamped. */
  private static final long AHEAD_MAX = 120_000;

  private static final MeshId ANOTHER = new MeshId(Hash.of(new byte[] {1}, 1));
  private static final Set<String> KEYS = Set.of("id", "grp", "part");
  private static final Set<String> TEXT_KEYS = Set.of("own", "shared", "named", "tale");

  private final SimTime time;
  private final Supplier<Optional<Gone>> removed;
  private final Consumer<String> maySee;
  private int number;

  /**
   * @param removed one of whose removal all others have heard, if there is such
   * @param maySee told of keys of {@code own} that may be seen, since the liar may write them
   */
  SimForger(SimTime time, Supplier<Optional<Gone>> removed, Consumer<String> maySee) {
    this.time = time;
    this.removed = removed;
    this.maySee = maySee;
  }

  /**
   * Somebody who was removed.
   *
   * @param last of its batches that counts
   */
  record Gone(SigningKey key, SiteId site, Head last) {}

  /** A batch with a word for what is wrong with it. */
  record Lie(String kind, Dot dot, Bytes envelope) {}

  /**
   * What is said in place of a batch.
   *
   * @param liar its replica
   */
  Lie of(Bytes envelope, Mesh liar) {
    Batch batch = BatchSeal.reopen(envelope);
    Optional<Gone> gone = time.happens(300) ? removed.get() : Optional.empty();
    if (gone.isPresent()) {
      return late(liar.id(), gone.get());
    } else if (batch.carried().isPresent() || batch.changes().isEmpty() || time.happens(100)) {
      return new Lie("flipped batch", batch.header().dot(), flipped(envelope));
    } else if (time.happens(150)) {
      return ofAStranger(liar.id());
    } else if (time.happens(300) && !liar.summary().heads().isEmpty()) {
      return invented(liar);
    }
    boolean own = batch.header().dot().site().node().equals(liar.nodeKey().verifyKey());
    return own ? ofItsOwn(batch, liar.nodeKey()) : ofAnothers(batch, envelope, liar.nodeKey());
  }

  private Lie ofAnothers(Batch batch, Bytes envelope, SigningKey liar) {
    Dot dot = batch.header().dot();
    return time.happens(700)
        ? new Lie("forged content", dot, Forgery.keepingSignature(envelope, altered(batch)))
        : new Lie("forged signature", dot, Forgery.signedBy(liar, altered(batch)));
  }

  private Lie ofItsOwn(Batch batch, SigningKey liar) {
    BatchHeader header = batch.header();
    Hash elsewhere = Hash.of(header.previous().value());
    return switch (time.random.nextInt(4)) {
      case 0 -> signed("of another mesh", ofOneRow(ANOTHER, header.dot(), header.previous()), liar);
      case 1 -> signed("not following", second(batch, elsewhere), liar);
      default -> signed("signed twice", second(batch, header.previous()), liar);
    };
  }

  Bytes flipped(Bytes bytes) {
    byte[] copy = bytes.toArray();
    copy[time.random.nextInt(copy.length)] ^= (byte) (1 << time.random.nextInt(8));
    return Bytes.wrap(copy);
  }

  private static Lie signed(String kind, Batch batch, SigningKey key) {
    return new Lie(kind, batch.header().dot(), BatchSeal.sign(batch, key).signed().envelope());
  }

  /** Another value, key or time of what its author wrote. */
  private Batch altered(Batch batch) {
    List<Change> changes = new ArrayList<>(batch.changes());
    if (time.happens(250)) {
      return later(batch.header(), changes);
    }
    int at = time.random.nextInt(changes.size());
    Change change = changes.get(at);
    boolean key = TEXT_KEYS.contains(change.table()) && time.happens(500);
    changes.set(
        at, key || change.cells().isEmpty() ? ofAnotherKey(change) : withOtherValue(change));
    return new Batch(batch.header(), changes);
  }

  private static Batch later(BatchHeader header, List<Change> changes) {
    return new Batch(
        with(header, header.previous(), AHEAD_MAX),
        changes.stream()
            .map(each -> with(each, each.key(), after(each.hlc(), AHEAD_MAX), each.cells()))
            .toList());
  }

  private static Hlc after(Hlc stamp, long millis) {
    return stamp.isGenesis() ? stamp : Hlc.of(stamp.millis() + millis, stamp.counter());
  }

  private static BatchHeader with(BatchHeader header, Hash previous, long laterMillis) {
    return new BatchHeader(
        header.mesh(),
        header.dot(),
        previous,
        header.part(),
        header.last(),
        header.policyEpoch(),
        after(header.low(), laterMillis),
        after(header.high(), laterMillis),
        header.seen());
  }

  private Change ofAnotherKey(Change change) {
    Value other = Value.of("forged" + ++number);
    List<Cell> cells =
        change.cells().stream()
            .map(cell -> cell.column().equals("id") ? Cell.lww("id", other) : cell)
            .toList();
    return with(change, new RowKey(List.of(other)), change.hlc(), cells);
  }

  private Change withOtherValue(Change change) {
    List<Cell> cells =
        change.cells().stream()
            .map(
                cell ->
                    KEYS.contains(cell.column())
                        ? cell
                        : Cell.lww(cell.column(), Value.of("forged" + ++number)))
            .toList();
    return with(change, change.key(), change.hlc(), cells);
  }

  private static Change with(Change change, RowKey key, Hlc stamp, List<Cell> cells) {
    if (change instanceof Change.Update update) {
      return new Change.Update(change.table(), key, stamp, update.life(), cells);
    }
    return change instanceof Change.Insert
        ? new Change.Insert(change.table(), key, stamp, cells)
        : new Change.Delete(change.table(), key, stamp);
  }

  /** A batch that another did not write, after the last that it did. */
  private Lie invented(Mesh liar) {
    List<Map.Entry<SiteId, Head>> heads = List.copyOf(liar.summary().heads().entrySet());
    Map.Entry<SiteId, Head> last = heads.get(time.random.nextInt(heads.size()));
    Dot next = new Dot(last.getKey(), last.getValue().seq() + 1);
    Batch batch = ofOneRow(liar.id(), next, last.getValue().hash());
    return new Lie("invented batch", next, Forgery.signedBy(key(), batch));
  }

  private SigningKey key() {
    return SigningKey.generate(Chance.from(new Random(time.random.nextLong())));
  }

  private Lie ofAStranger(MeshId mesh) {
    SigningKey key = key();
    return signed(
        "of a stranger",
        ofOneRow(mesh, new Dot(new SiteId(key.verifyKey(), 1), 1), Hash.ZERO),
        key);
  }

  private Lie late(MeshId mesh, Gone gone) {
    Dot next = new Dot(gone.site(), gone.last().seq() + 1);
    return signed("of one removed", ofOneRow(mesh, next, gone.last().hash()), gone.key());
  }

  /** With a row that nobody may have written. */
  private Batch ofOneRow(MeshId mesh, Dot dot, Hash previous) {
    Hlc stamp = Hlc.atMillis(time.nowMillis() + SimFaults.CLOCK_OFF_MAX);
    BatchHeader header = new BatchHeader(mesh, dot, previous, 0, true, 0, stamp, stamp, List.of());
    return new Batch(header, List.of(row("forged" + ++number, stamp)));
  }

  private static Change row(String id, Hlc stamp) {
    Value value = Value.of(id);
    return new Change.Insert(
        "own",
        new RowKey(List.of(value)),
        stamp,
        List.of(Cell.lww("id", value), Cell.lww("v", value)));
  }

  /** Another of the same place, which differs for good. */
  private Batch second(Batch batch, Hash previous) {
    List<Change> changes = new ArrayList<>(batch.changes());
    if (changes.size() > 1 && time.happens(300)) {
      changes.remove(time.random.nextInt(changes.size()));
    }
    if (!changes.isEmpty()) {
      String key = SECOND + ++number;
      maySee.accept(key);
      int at = time.random.nextInt(changes.size());
      changes.set(at, row(key, changes.get(at).hlc()));
    }
    return new Batch(with(batch.header(), previous, 0), changes);
  }
}
