package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.roster.SignedOp;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.SignedBatch;

/** What becomes of the batches of a node that was removed, the laptop, on those that stay. */
class RemovedNodeTest extends PairOfReplicas {
  private static final String TABLE = "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)";

  private void trio() {
    pair(TABLE);
    nodes.join("phone", "vps");
    nodes.sync("vps", "phone");
    nodes.sync("vps", "laptop");
    nodes.sync("vps", "phone");
  }

  private void write(String name, String id) {
    nodes.nowMillis += 10;
    nodes.app(name).run("INSERT INTO t VALUES ('" + id + "', 'by " + name + "')");
  }

  private void removeLaptop(String by) {
    nodes
        .mesh(by)
        .membership()
        .remove(nodes.mesh("laptop").nodeKey().verifyKey(), nodes.persona().key());
  }

  private List<String> ids(String name) {
    return rows(name, "SELECT id FROM t ORDER BY id");
  }

  /** The batches that one holds of the laptop, from a seq on. */
  private List<Bytes> ofLaptop(String holder, long from) {
    SiteId laptop = nodes.mesh("laptop").site();
    List<Bytes> envelopes = new ArrayList<>();
    DeltaCursor cursor =
        nodes.mesh(holder).delta(List.of(new DotRange(laptop, from, Long.MAX_VALUE - 1)));
    for (List<SignedBatch> page = cursor.next(1); !page.isEmpty(); page = cursor.next(1)) {
      page.forEach(batch -> envelopes.add(batch.envelope()));
    }
    return envelopes;
  }

  private long heldOfLaptop(String name) {
    return nodes.mesh(name).summary().seq(nodes.mesh("laptop").site());
  }

  @Test
  void whatOneHadTakenInBeforeItLearnedOfTheRemovalCountsEverywhere() {
    trio();
    write("laptop", "a");
    nodes.sync("laptop", "vps");
    write("laptop", "b");
    nodes.sync("laptop", "phone");
    removeLaptop("vps");
    assertThat(heldOfLaptop("phone")).isEqualTo(heldOfLaptop("vps") + 1);
    nodes.sync("vps", "phone");
    assertThat(ids("vps")).containsExactly("a", "b");
    assertThat(ids("phone")).containsExactly("a", "b");
  }

  @Test
  void whatAColludingMemberPassesOnOfTheRemovedIsTakenInByNobody() {
    trio();
    write("laptop", "a");
    nodes.sync("laptop", "vps");
    removeLaptop("vps");
    nodes.sync("vps", "phone");
    write("laptop", "late");
    nodes.mesh("laptop").harvest();
    List<Bytes> late = ofLaptop("laptop", heldOfLaptop("vps") + 1);
    assertThat(late).isNotEmpty();
    for (String name : List.of("vps", "phone")) {
      assertThat(nodes.mesh(name).ingest(late)).hasOnlyElementsOfType(Ingested.Retired.class);
      assertThat(ids(name)).containsExactly("a");
    }
    assertThat(ids("laptop")).as("its data stays its own").containsExactly("a", "late");
  }

  @Test
  void anotherBatchInThePlaceOfTheLastThatCountsIsNotTakenIn() {
    trio();
    Mesh laptop = nodes.mesh("laptop");
    write("laptop", "0");
    nodes.sync("laptop", "phone");
    nodes.sync("vps", "phone");
    write("laptop", "a");
    nodes.sync("laptop", "vps");
    removeLaptop("vps");
    Head before = nodes.mesh("phone").summary().head(laptop.site()).orElseThrow();
    BatchHeader header =
        new BatchHeader(
            laptop.id(),
            new Dot(laptop.site(), before.seq() + 1),
            before.hash(),
            0,
            true,
            0,
            Hlc.ZERO,
            Hlc.ZERO,
            List.of());
    Bytes other =
        BatchSeal.sign(new Batch(header, List.of()), laptop.nodeKey()).signed().envelope();
    assertThat(heldOfLaptop("vps")).isEqualTo(before.seq() + 1);
    nodes.mesh("phone").membership().add(removal("vps"));
    assertThat(nodes.mesh("phone").ingest(List.of(other)))
        .hasOnlyElementsOfType(Ingested.Retired.class);
    nodes.sync("vps", "phone");
    assertThat(ids("phone")).containsExactly("0", "a");
  }

  private SignedOp removal(String holder) {
    List<SignedOp> operations = nodes.mesh(holder).membership().roster().operations();
    return operations.get(operations.size() - 1);
  }

  @Test
  void whoLearnsLateMakesMoreCountAndWhatItWroteOnTopIsNotHeldUp() {
    trio();
    write("laptop", "a");
    nodes.sync("laptop", "vps");
    removeLaptop("vps");
    write("laptop", "b");
    nodes.sync("laptop", "phone");
    write("phone", "on top of b");
    nodes.mesh("phone").harvest();
    SiteId phone = nodes.mesh("phone").site();
    List<Bytes> onTop = new ArrayList<>();
    long from = nodes.mesh("vps").summary().seq(phone) + 1;
    nodes
        .mesh("phone")
        .delta(List.of(new DotRange(phone, from, Long.MAX_VALUE - 1)))
        .next(1 << 20)
        .forEach(batch -> onTop.add(batch.envelope()));
    assertThat(nodes.mesh("vps").ingest(onTop))
        .as("the laptop's batch that it names as seen never comes, as far as the vps knows")
        .hasOnlyElementsOfType(Ingested.Delivered.class);
    assertThat(ids("vps")).containsExactly("a", "on top of b");
    nodes.sync("vps", "phone");
    assertThat(ids("vps")).containsExactly("a", "b", "on top of b");
    assertSameAs("phone");
  }

  private void assertSameAs(String name) {
    assertThat(nodes.app("vps").exact("t")).isEqualTo(nodes.app(name).exact("t"));
  }

  @Test
  void whoIsKilledBeforeItHasSaidHowFarItCameSaysSoWhenItIsStarted() {
    trio();
    write("laptop", "a");
    nodes.sync("laptop", "vps");
    write("laptop", "b");
    nodes.sync("laptop", "phone");
    removeLaptop("vps");
    nodes.closeMesh("phone");
    for (Bytes each : nodes.mesh("vps").membership().encodedOperations()) {
      nodes
          .app("phone")
          .run(
              "INSERT OR IGNORE INTO _mesh_op (hash, bytes) VALUES (x'%s', x'%s')"
                  .formatted(Hash.of(each).value().hex(), each.hex()));
    }
    nodes.open("phone");
    assertThat(nodes.mesh("phone").membership().takeSigned()).isTrue();
    nodes.sync("phone", "vps");
    assertThat(ids("vps")).containsExactly("a", "b");
  }

  @Test
  void ofATransactionThatIsCutOffAllShowAsMuch() {
    trio();
    nodes.nowMillis += 10;
    nodes
        .app("laptop")
        .run(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
            INSERT INTO t SELECT i, 'x' FROM n""");
    int signed = 1;
    while (signed > 0 || nodes.mesh("laptop").hasMore()) {
      nodes.nowMillis += 10;
      signed = nodes.mesh("laptop").harvest().size();
    }
    List<Bytes> parts = ofLaptop("laptop", heldOfLaptop("vps") + 1);
    assertThat(parts).hasSizeGreaterThan(2);
    nodes.mesh("vps").ingest(parts.subList(0, 1));
    assertThat(rows("vps", "SELECT count(*) FROM t")).containsExactly("0");
    removeLaptop("vps");
    nodes.sync("vps", "phone");
    nodes.sync("vps", "phone");
    assertThat(rows("vps", "SELECT count(*) > 0 FROM t")).containsExactly("1");
    assertSameAs("phone");
  }

  @Test
  void whoOwnsNoOtherFullMemberRemovesNobody() {
    trio();
    SigningKey stranger = Persona.create("eve", nodes.ambient().chance()).key();
    Membership vps = nodes.mesh("vps").membership();
    assertThatThrownBy(() -> vps.remove(nodes.mesh("laptop").nodeKey().verifyKey(), stranger))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_A_MEMBER));
    assertThat(vps.roster().admits(nodes.mesh("laptop").nodeKey().verifyKey())).isTrue();
  }

  @Test
  void theFurtherLifeOfTheRemovedCountsNowhere() {
    trio();
    write("laptop", "a");
    nodes.sync("laptop", "vps");
    removeLaptop("vps");
    nodes.sync("vps", "phone");
    SiteId next = new SiteId(nodes.mesh("laptop").site().node(), 2);
    assertThat(nodes.mesh("vps").membership().roster().authors().limit(next)).isZero();
    assertThat(nodes.mesh("laptop").membership().roster().authors().limit(next))
        .isEqualTo(Long.MAX_VALUE);
    nodes.carry("vps", "laptop");
    assertThat(
            nodes
                .mesh("laptop")
                .membership()
                .roster()
                .hasRemoved(nodes.mesh("laptop").nodeKey().verifyKey()))
        .isTrue();
  }
}
