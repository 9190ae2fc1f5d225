package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What keeps a node from its work is told of by its status, for as long as it lasts. */
final class HindranceTest extends LoopbackNodes {
  @Test
  void troubleWithAPeersBatchesIsToldOfUntilItEnds() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    sql(
        "laptop",
        "CREATE TRIGGER refuse BEFORE INSERT ON _mesh_batch"
            + " BEGIN SELECT RAISE(ABORT, 'not now'); END");
    sql("vps", "INSERT INTO t VALUES ('a', 1)");
    await(() -> !laptop.status().hindrances().isEmpty());
    assertThat(laptop.status().hindrances())
        .singleElement()
        .satisfies(hindrance -> assertThat(hindrance.message()).contains("not now"));
    assertThat(laptop.status().verdict()).isEqualTo(NodeStatus.Verdict.SYNCING);
    sql("laptop", "DROP TRIGGER refuse");
    await(() -> sql("laptop", "SELECT id FROM t").contains("a"));
    assertThat(laptop.status().hindrances()).isEmpty();
  }
}
