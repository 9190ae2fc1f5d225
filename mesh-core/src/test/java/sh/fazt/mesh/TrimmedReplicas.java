package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import sh.fazt.mesh.fingerprint.Fingerprint;
import sh.fazt.mesh.fingerprint.StatePlan;

/** What tests share in which logs are trimmed and dead rows are forgotten. */
abstract class TrimmedReplicas extends PairOfReplicas {
  static final long DAY = 24 * 60 * 60 * 1000L;
  static final String T = "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)";

  @BeforeEach
  void forgetDead() {
    nodes.forgetDead = true;
  }

  /** All say what they show, and hear it of each other. */
  void acknowledge(String... names) {
    for (String name : names) {
      nodes.mesh(name).acknowledge();
    }
    for (String from : names) {
      for (String to : names) {
        nodes.mesh(from).acknowledging().known().forEach(nodes.mesh(to).acknowledging()::hear);
      }
    }
  }

  /** Drops and forgets all that may go by now on a node that keeps its log for no day. */
  void trim(String name) {
    nodes.mesh(name).keepLog(OptionalLong.of(0));
    while (nodes.mesh(name).trim()) {
      nodes.nowMillis++;
    }
  }

  /** The same, now and a day later: by then what is dead may be forgotten. */
  void forget(String... names) {
    for (String name : names) {
      trim(name);
    }
    nodes.nowMillis += DAY;
    for (String name : names) {
      trim(name);
    }
  }

  void app(String name, String... statements) {
    nodes.nowMillis += 10;
    nodes.app(name).run(statements);
    nodes.mesh(name).harvest();
  }

  /** Of which keys of the first table a node knows anything. */
  List<String> remembered(String name) {
    return rows(name, "SELECT k0 FROM _mesh_shadow_1 ORDER BY k0");
  }

  List<String> shown(String name) {
    return rows(name, "SELECT id FROM t ORDER BY id");
  }

  /** Row 'a' was there and is not any more; all has been acknowledged by both. */
  void deleted() {
    pair(T);
    app("vps", "INSERT INTO t VALUES ('a', '1')");
    sync();
    app("vps", "DELETE FROM t");
    last();
  }

  /** Each of the two writes once more, so that what was before is not its last, and says so. */
  void last() {
    sync();
    app("vps", "INSERT OR REPLACE INTO t (id, v) VALUES ('last', " + nodes.nowMillis + ")");
    app("laptop", "INSERT OR REPLACE INTO t (id, v) VALUES ('last too', " + nodes.nowMillis + ")");
    sync();
    nodes.nowMillis += DAY;
    acknowledge("vps", "laptop");
  }

  /** All nodes show the same, and count as equal in a comparison. */
  void assertEqual(String... names) {
    for (String name : names) {
      assertThat(nodes.app(name).exact("t")).as(name).isEqualTo(nodes.app(names[0]).exact("t"));
      assertThat(figures(name).parked() + figures(name).untaken()).as(name).isZero();
      assertThat(fingerprint(name)).as(name).isEqualTo(fingerprint(names[0]));
    }
  }

  private Fingerprint fingerprint(String name) {
    try (StateSource source = StateSource.open(nodes.file(name))) {
      StatePlan plan = source.plan().plan();
      return ((StateSource.State) source.take(plan, false, () -> false)).rows().root();
    }
  }
}
