package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** The log tells what happened lately, by whom and where. */
class LogFilterTest extends PairOfReplicas {
  private List<LogEntry> log(String table, String node) {
    return nodes
        .mesh("laptop")
        .view()
        .log(new LogFilter(100, Optional.ofNullable(table), Optional.ofNullable(node)));
  }

  private void happen() {
    pair(
        "CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT)",
        "CREATE TABLE tags (id TEXT PRIMARY KEY)",
        "INSERT INTO notes VALUES ('a', 'x'), ('b', 'x'), ('c', 'x')");
    vps(
        "BEGIN",
        "INSERT INTO notes VALUES ('n', 'new'), ('m', 'new')",
        "UPDATE notes SET body = 'y' WHERE id = 'a'",
        "DELETE FROM notes WHERE id IN ('b', 'c')",
        "INSERT INTO tags VALUES ('t')",
        "COMMIT");
    sync();
    laptop("INSERT INTO tags VALUES ('u')");
    sync();
  }

  @Test
  void whatCameChangedAndWentIsCountedByTable() {
    happen();
    LogEntry entry = log("notes", null).get(0);
    assertThat(entry.authorName()).isEqualTo("vps");
    assertThat(entry.changes())
        .containsEntry("notes", new LogEntry.Rows(2, 1, 2))
        .containsEntry("tags", new LogEntry.Rows(1, 0, 0));
    assertThat(entry.changes().get("notes").all()).isEqualTo(5);
    assertThat(entry.writtenMillis()).isPositive();
    assertThat(entry.waiting()).isZero();
    List<LogEntry> all = log(null, null);
    assertThat(all.get(0).authorName()).isEqualTo("laptop");
    assertThat(all.get(all.size() - 1).writtenMillis()).isZero();
    assertThat(nodes.mesh("laptop").view().log(LogFilter.newest(1))).hasSize(1);
  }

  @Test
  void nodesAreNamedByNameOrId() {
    happen();
    assertThat(log(null, "LAPTOP")).extracting(LogEntry::authorName).containsOnly("laptop");
    String id = log(null, "vps").get(0).author().text();
    assertThat(log(null, id)).isEqualTo(log(null, "vps")).hasSizeGreaterThan(1);
    assertThat(log("tags", "laptop")).hasSize(1);
    assertThatThrownBy(() -> log(null, "bob"))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PEER_UNKNOWN))
        .hasMessageContaining("vps, laptop");
  }

  @Test
  void whatCannotShowIsCounted() {
    happen();
    vps("ALTER TABLE notes ADD COLUMN c TEXT", "UPDATE notes SET c = 'red'");
    sync();
    assertThat(log("notes", null).get(0).waiting()).isEqualTo(3);
  }
}
