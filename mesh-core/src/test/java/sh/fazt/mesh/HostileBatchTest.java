package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.BatchSeal;

/** Well-formed, signed batches that no honest node would send. */
class HostileBatchTest extends PairOfReplicas {
  private static final Hlc STAMP = Hlc.atMillis(1_700_000_000_000L);
  private static final String SCHEMA =
      "SELECT type || name || coalesce(sql, '') FROM sqlite_schema ORDER BY 1";

  private Bytes envelope(MeshId mesh, SigningKey key, Change change) {
    SiteId site = new SiteId(key.verifyKey(), nodes.mesh("laptop").site().incarnation());
    BatchHeader header =
        new BatchHeader(mesh, new Dot(site, 1), Hash.ZERO, 0, true, 0, STAMP, STAMP, List.of());
    return BatchSeal.sign(new Batch(header, List.of(change)), key).signed().envelope();
  }

  private Bytes ofLaptop(Change change) {
    return envelope(nodes.mesh("laptop").id(), nodes.mesh("laptop").nodeKey(), change);
  }

  private static Change insert(String table, String column) {
    return new Change.Insert(
        table,
        new RowKey(List.of(Value.of("k"))),
        STAMP,
        List.of(Cell.lww("id", Value.of("k")), Cell.lww(column, Value.of("v"))));
  }

  private Ingested toVps(Bytes envelope) {
    return nodes.mesh("vps").ingest(List.of(envelope)).get(0);
  }

  private void table() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
  }

  @Test
  void aBatchOfAnotherMeshIsRefused() {
    table();
    MeshId other = new MeshId(Hash.of(Bytes.utf8("another mesh")));
    SigningKey key = nodes.mesh("laptop").nodeKey();
    assertThat(toVps(envelope(other, key, insert("t", "v")))).isInstanceOf(Ingested.Refused.class);
    assertThat(rows("vps", "SELECT * FROM t")).isEmpty();
  }

  @Test
  void aBatchOfAStrangerIsNotTakenIn() {
    table();
    SigningKey stranger = SigningKey.generate(Chance.from(new Random(9)));
    Bytes envelope = envelope(nodes.mesh("vps").id(), stranger, insert("t", "v"));
    assertThat(toVps(envelope)).isInstanceOf(Ingested.UnknownAuthor.class);
    assertThat(rows("vps", "SELECT * FROM t")).isEmpty();
  }

  @Test
  void aBatchThatIsSentAgainChangesNothing() {
    table();
    Bytes envelope = ofLaptop(insert("t", "v"));
    assertThat(toVps(envelope)).isInstanceOf(Ingested.Delivered.class);
    List<String> log = rows("vps", "SELECT count(*) FROM _mesh_batch");
    for (int i = 0; i < 3; i++) {
      assertThat(toVps(envelope)).isInstanceOf(Ingested.Duplicate.class);
    }
    assertThat(rows("vps", "SELECT count(*) FROM _mesh_batch")).isEqualTo(log);
    assertThat(rows("vps", "SELECT v FROM t")).containsExactly("v");
  }

  /** They are looked up, and nothing else: what they name is not there, and waits. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\"; DROP TABLE t; --",
        "t\"; DROP TABLE t; --",
        "t' OR 1=1 --",
        "main.t",
        "_mesh_op",
        "_MESH_OP",
        "_mesh_touched_1",
        "_mesh_shadow_1",
        "sqlite_stat1",
        "sqlite_master",
        "sqlite_schema",
        "SQLITE_SEQUENCE",
        ""
      })
  void aTableNamedLikeSqlOrLikeOneOfOursIsNeitherRunNorWritten(String name) {
    table();
    List<String> schema = rows("vps", SCHEMA);
    List<String> roster = rows("vps", "SELECT count(*) FROM _mesh_op");
    assertThat(toVps(ofLaptop(insert(name, "v")))).isInstanceOf(Ingested.Delivered.class);
    assertThat(figures("vps").parked()).isOne();
    assertThat(rows("vps", SCHEMA)).isEqualTo(schema);
    assertThat(rows("vps", "SELECT count(*) FROM _mesh_op")).isEqualTo(roster);
    assertThat(rows("vps", "SELECT * FROM t")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v\" = 'x'; DROP TABLE t; --", "v) VALUES (1); --", "rowid", "_rowid_"})
  void aColumnNamedLikeSqlIsNotRun(String name) {
    table();
    List<String> schema = rows("vps", SCHEMA);
    assertThat(toVps(ofLaptop(insert("t", name)))).isInstanceOf(Ingested.Delivered.class);
    assertThat(rows("vps", SCHEMA)).isEqualTo(schema);
    assertThat(rows("vps", "SELECT count(*) FROM t WHERE v IS NOT NULL")).containsExactly("0");
  }
}
