package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.RowJudge;
import sh.fazt.mesh.apply.RowProof;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.fingerprint.RowDigest;
import sh.fazt.mesh.fingerprint.RowReport.Judgement;
import sh.fazt.mesh.schema.Value;

/** Rows whose values take more memory than there is for a comparison are left as they are. */
class LoggedValuesTest extends PairOfReplicas {
  private static final int LIMIT = 64 << 20;

  private static final int OVERHEAD_BYTES = 2;

  private static final int SMALL_BYTES = 12;

  private List<RowJudge.Judged> judge(String... keys) {
    RowDigest digest = new RowDigest("t", List.of());
    List<Long> ids =
        Arrays.stream(keys)
            .map(key -> digest.id(new RowKey(List.of(Value.of(key))).encoded()))
            .toList();
    try (StateSource source = StateSource.open(nodes.file("vps"))) {
      return source.judge(source.plan().plan(), ids);
    }
  }

  private static List<Judgement> judgements(List<RowJudge.Judged> judged) {
    return judged.stream().map(each -> each.report().judgement()).toList();
  }

  private int mend(List<RowJudge.Judged> judged) {
    List<RowProof> proofs =
        judged.stream().map(RowJudge.Judged::proof).flatMap(Optional::stream).toList();
    return nodes.mesh("vps").mend(proofs);
  }

  private void write(String statement) {
    vps(statement);
    nodes.mesh("vps").harvest();
  }

  @Test
  void rowsOfMoreValuesThanTheLimitAreNotProvenTogetherAndAreOneByOne() {
    nodes.database("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    nodes.found("vps");
    int large = LIMIT - SMALL_BYTES - OVERHEAD_BYTES;
    write("INSERT INTO t VALUES ('large', zeroblob(" + large + "))");
    write("INSERT INTO t VALUES ('small', zeroblob(" + (SMALL_BYTES - OVERHEAD_BYTES) + "))");
    assertThat(judgements(judge("large", "small"))).containsOnly(Judgement.AS_LOGGED);
    write(
        "UPDATE t SET v = zeroblob(" + (SMALL_BYTES - OVERHEAD_BYTES + 1) + ") WHERE id = 'small'");
    write("INSERT INTO t VALUES ('later', 5)");
    assertThat(judgements(judge("large", "small", "later")))
        .containsExactly(Judgement.AS_LOGGED, Judgement.UNPROVEN, Judgement.AS_LOGGED);
    String shadow = nodes.app("vps").one("SELECT '_mesh_shadow_' || number FROM _mesh_table");
    vps(
        "INSERT INTO _mesh_applying VALUES (1)",
        "DELETE FROM t WHERE id <> 'large'",
        "DELETE FROM " + shadow + " WHERE k0 <> 'large'",
        "DELETE FROM _mesh_applying");
    List<RowJudge.Judged> together = judge("large", "small", "later");
    assertThat(judgements(together))
        .containsExactly(Judgement.AS_LOGGED, Judgement.UNPROVEN, Judgement.DAMAGED);
    assertThat(mend(together)).isOne();
    List<RowJudge.Judged> alone = judge("small");
    assertThat(judgements(alone)).containsExactly(Judgement.DAMAGED);
    assertThat(mend(alone)).isOne();
    assertThat(rows("vps", "SELECT id || length(v) FROM t ORDER BY id"))
        .containsExactly("large" + large, "later1", "small11");
  }
}
