package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What tests of clocks share: nodes a, b and c whose clocks can be off. */
abstract class ChainOfClocks extends ChainOfReplicas {
  static final long MINUTE = 60_000;
  static final long DAY = 24 * 60 * MINUTE;
  static final long TEN_YEARS = 3652 * DAY;
  static final List<String> NAMES = List.of("a", "b", "c");

  ChainOfClocks() {
    super("a", "b", "c");
  }

  void three() {
    chain(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES ('1', 'genesis'), ('2', 'genesis')");
  }

  /** A write of an application whose clock is its node's. */
  void write(String name, String... statements) {
    nodes.nowMillis += 10;
    for (String sql : statements) {
      nodes.app(name).run(sql);
      made(name, nodes.now(name));
    }
  }

  /** Says when what was touched and not harvested was written. */
  void made(String name, long atMillis) {
    nodes.app(name).run("UPDATE _mesh_touched_1 SET at = " + atMillis);
  }

  String value(String name, String id) {
    return nodes.app(name).one("SELECT v FROM t WHERE id = '" + id + "'");
  }

  void assertAll(String id, String value) {
    for (String name : NAMES) {
      assertThat(value(name, id)).as(name).isEqualTo(value);
    }
  }

  void assertSame() {
    for (String name : NAMES) {
      assertThat(nodes.app(name).exact("t")).as(name).isEqualTo(nodes.app("a").exact("t"));
      assertThat(figures(name).parked()).as(name).isZero();
      assertThat(figures(name).untaken()).as(name).isZero();
    }
  }

  MeshView.Figures figures(String name) {
    return nodes.mesh(name).view().figures(nodes.now(name));
  }

  /** When the newest batch that a node holds of its own was written, as it says. */
  long latestStamp(String name) {
    return nodes.mesh(name).view().log(LogFilter.newest(1_000)).stream()
        .filter(entry -> entry.dot().site().equals(nodes.mesh(name).site()))
        .mapToLong(LogEntry::writtenMillis)
        .max()
        .orElse(0);
  }
}
