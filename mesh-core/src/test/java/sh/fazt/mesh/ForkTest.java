package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.SignedBatch;
import sh.fazt.mesh.wire.VerifiedBatch;

/** A member that signs what no honest node would, played by the test with the laptop's key. */
class ForkTest extends PairOfReplicas {
  private SignedBatch signed(long seq, Hash previous, Hlc stamp, String value) {
    return signed("t", seq, previous, stamp, value);
  }

  private SignedBatch signed(String table, long seq, Hash previous, Hlc stamp, String value) {
    Mesh liar = nodes.mesh("laptop");
    Hlc range = stamp.isGenesis() ? Hlc.ZERO : stamp;
    BatchHeader header =
        new BatchHeader(
            liar.id(), new Dot(liar.site(), seq), previous, 0, true, 0, range, range, List.of());
    Change insert =
        new Change.Insert(
            table,
            new RowKey(List.of(Value.of("k"))),
            stamp,
            List.of(Cell.lww("id", Value.of("k")), Cell.lww("v", Value.of(value))));
    return BatchSeal.sign(new Batch(header, List.of(insert)), liar.nodeKey()).signed();
  }

  private static Hlc stamp(int millis) {
    return Hlc.atMillis(1_700_000_000_000L + millis);
  }

  private Ingested toVps(SignedBatch batch) {
    return nodes.mesh("vps").ingest(List.of(batch.envelope())).get(0);
  }

  @Test
  void twoBatchesWithOneDotAreAProofThatIsKept() throws Exception {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    SignedBatch first = signed(1, Hash.ZERO, stamp(0), "1");
    SignedBatch second = signed(1, Hash.ZERO, stamp(0), "2");
    assertThat(toVps(first)).isInstanceOf(Ingested.Delivered.class);
    assertThat(nodes.mesh("vps").view().forks()).isEmpty();
    assertThat(toVps(second)).isInstanceOf(Ingested.Forked.class);
    toVps(signed(1, Hash.ZERO, stamp(0), "3"));
    nodes.closeMesh("vps");
    nodes.open("vps");
    Fork fork = nodes.mesh("vps").view().forks().get(0);
    assertThat(nodes.mesh("vps").view().forks()).as("one proof is enough").hasSize(1);
    assertThat(fork.name()).isEqualTo("laptop");
    Fork.Proof proof = nodes.mesh("vps").view().proof(fork).orElseThrow();
    VerifiedBatch ours = BatchSeal.verify(proof.ours());
    VerifiedBatch theirs = BatchSeal.verify(proof.theirs());
    assertThat(ours.signed()).isEqualTo(first);
    assertThat(theirs.signed()).isEqualTo(second);
  }

  private boolean prove(SignedBatch one, SignedBatch other) {
    return nodes.mesh("vps").branches().prove(one.envelope(), other.envelope());
  }

  /** Signed by a key that no member has. */
  private SignedBatch strangers(boolean last) {
    SigningKey key = SigningKey.generate(Chance.from(new Random(1)));
    BatchHeader header =
        new BatchHeader(
            nodes.mesh("vps").id(),
            new Dot(new SiteId(key.verifyKey(), 1), 1),
            Hash.ZERO,
            0,
            last,
            0,
            Hlc.ZERO,
            Hlc.ZERO,
            List.of());
    return BatchSeal.sign(new Batch(header, List.of()), key).signed();
  }

  @Test
  void aForkIsProvenByTwoBatchesOfWhichNothingIsHere() throws Exception {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    Hash before = Hash.of(Bytes.utf8("the one before"));
    SignedBatch one = signed(7, before, stamp(0), "1");
    SignedBatch other = signed(7, before, stamp(0), "2");
    assertThat(prove(one, other)).isTrue();
    assertThat(nodes.mesh("vps").branches().takeFound())
        .containsExactly(new Branches.Trunk(one.dot().site(), 6, Optional.empty()));
    assertThat(nodes.mesh("vps").summary().forks()).isEqualTo(Map.of(one.dot().site(), 7L));
    Fork fork = nodes.mesh("vps").view().forks().get(0);
    Fork.Proof proof = nodes.mesh("vps").view().proof(fork).orElseThrow();
    assertThat(List.of(proof.ours(), proof.theirs()))
        .containsExactly(one.envelope(), other.envelope());
    assertThat(prove(signed(9, before, stamp(1), "1"), signed(9, before, stamp(1), "2")))
        .as("a later place is a proof too, and no news")
        .isTrue();
    assertThat(nodes.mesh("vps").branches().takeFound()).isEmpty();
    assertThat(nodes.mesh("vps").summary().forks()).isEqualTo(Map.of(one.dot().site(), 7L));
    assertThat(rows("vps", "SELECT v FROM t")).isEmpty();
  }

  @Test
  void whatProvesNoForkChangesNothing() throws Exception {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    Hash before = Hash.of(Bytes.utf8("the one before"));
    SignedBatch one = signed(7, before, stamp(0), "1");
    byte[] bent = one.envelope().toArray();
    bent[bent.length - 1] ^= 1;
    assertThat(prove(one, one)).as("one batch").isFalse();
    assertThat(prove(one, signed(8, before, stamp(0), "2"))).as("two places").isFalse();
    assertThat(prove(one, signed(7, Hash.ZERO, stamp(0), "2"))).as("parted earlier").isFalse();
    assertThat(prove(one, new SignedBatch(one.dot(), one.hash(), Bytes.wrap(bent))))
        .as("not signed")
        .isFalse();
    assertThat(prove(strangers(true), strangers(false))).as("no member").isFalse();
    assertThat(nodes.mesh("vps").view().forks()).isEmpty();
    assertThat(nodes.mesh("vps").branches().takeFound()).isEmpty();
  }

  @Test
  void aBatchThatFollowsAnotherOneIsAProofToo() throws Exception {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    SignedBatch first = signed(1, Hash.ZERO, stamp(0), "1");
    toVps(first);
    SignedBatch next = signed(2, Hash.of(Bytes.utf8("another")), stamp(1), "2");
    assertThat(toVps(next)).isInstanceOf(Ingested.Forked.class);
    Fork fork = nodes.mesh("vps").view().forks().get(0);
    assertThat(fork.held()).isEqualTo(first.dot());
    Fork.Proof proof = nodes.mesh("vps").view().proof(fork).orElseThrow();
    assertThat(BatchSeal.verify(proof.theirs()).batch().header().previous())
        .isNotEqualTo(first.hash());
  }

  @Test
  void aFirstBatchThatFollowsSomethingIsRefused() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    Hash nothing = Hash.of(Bytes.utf8("nothing"));
    assertThat(toVps(signed(1, nothing, stamp(0), "1"))).isInstanceOf(Ingested.Refused.class);
    assertThat(nodes.mesh("vps").view().forks()).isEmpty();
  }

  @Test
  void aBatchThatIsStampedBeforeItsPredecessorIsRefused() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    SignedBatch first = signed(1, Hash.ZERO, stamp(5), "1");
    toVps(first);
    for (int millis : List.of(4, 5)) {
      SignedBatch late = signed(2, first.hash(), stamp(millis), "2");
      assertThat(toVps(late)).isInstanceOf(Ingested.Refused.class);
    }
    assertThat(rows("vps", "SELECT v FROM t")).containsExactly("1");
  }

  @Test
  void whatIsMeantForATableOfOurOwnIsParked() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    String meta = "SELECT count(*) FROM _mesh_meta";
    List<String> before = rows("vps", meta);
    SignedBatch batch = signed("_mesh_meta", 1, Hash.ZERO, stamp(0), "1");
    assertThat(toVps(batch)).isInstanceOf(Ingested.Delivered.class);
    assertThat(rows("vps", meta)).isEqualTo(before);
    assertThat(figures("vps").parked()).isOne();
  }

  @Test
  void ofTwoValuesWithOneStampTheHigherHashOfTheBatchDecides() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    SiteId site = nodes.mesh("laptop").site();
    assertThat(nodes.mesh("vps").summary().seq(site)).isZero();
    Hlc stamp = Hlc.genesis(1);
    SignedBatch before = signed(1, Hash.ZERO, stamp, "0");
    toVps(before);
    String shown = "0";
    for (int i = 1; i <= 8; i++) {
      SignedBatch next = signed(i + 1, before.hash(), stamp, "" + i);
      assertThat(toVps(next)).isInstanceOf(Ingested.Delivered.class);
      before = next;
      shown = highest(i + 1);
      assertThat(rows("vps", "SELECT v FROM t")).containsExactly(shown);
    }
  }

  /** The value of that batch among the first {@code count} whose hash is the highest. */
  private String highest(int count) {
    Hash best = Hash.ZERO;
    Hash previous = Hash.ZERO;
    String value = "";
    for (int i = 0; i < count; i++) {
      SignedBatch batch = signed(i + 1, previous, Hlc.genesis(1), "" + i);
      if (batch.hash().compareTo(best) > 0) {
        best = batch.hash();
        value = "" + i;
      }
      previous = batch.hash();
    }
    return value;
  }
}
