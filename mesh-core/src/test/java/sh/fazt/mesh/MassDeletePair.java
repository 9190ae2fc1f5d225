package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;

/** What tests of mass deletes share: a "vps" and a "laptop" with a table of many rows. */
abstract class MassDeletePair extends PairOfReplicas {
  static final Set<String> ALL = Set.of();
  static final String T = "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, w TEXT)";

  static String rows(int from, int to) {
    return "WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
            .formatted(from, to)
        + " INSERT INTO t SELECT i, 'v' || i, 'w' || i FROM n";
  }

  /** Both have so many rows, the first half of them from before the mesh. */
  void pairOf(int count) {
    pair(T, rows(1, count / 2));
    vps(rows(count / 2 + 1, count));
    sync();
  }

  long count(String name) {
    return Long.parseLong(nodes.app(name).one("SELECT count(*) FROM t"));
  }

  List<HeldDeletes> held(String name) {
    return nodes.mesh(name).massDeletes().held();
  }

  MassDeletes.Decision allow(String name) {
    return nodes.mesh(name).massDeletes().allow(ALL);
  }

  MassDeletes.Decision undo(String name) {
    return nodes.mesh(name).massDeletes().undo(ALL);
  }

  void assertNothingHeld(String... names) {
    for (String name : names) {
      assertThat(held(name)).as(name).isEmpty();
    }
    assertNothingWaits();
  }
}
