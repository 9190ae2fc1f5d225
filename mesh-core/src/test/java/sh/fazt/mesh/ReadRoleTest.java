package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.SignedBatch;

/** What becomes of writes on the laptop, which may not write. */
class ReadRoleTest extends PairOfReplicas {
  private static final String TABLE = "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w INTEGER)";

  private void role(Role role) {
    nodes
        .mesh("vps")
        .membership()
        .changeRole(nodes.mesh("laptop").nodeKey().verifyKey(), role, nodes.persona().key());
    sync();
  }

  private List<String> all(String name) {
    return rows(name, "SELECT id || ':' || coalesce(v, '') || ':' || coalesce(w, '') FROM t");
  }

  private void harvest() {
    do {
      assertThat(nodes.mesh("laptop").harvest()).isEmpty();
    } while (nodes.mesh("laptop").hasMore());
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"READ", "RELAY"})
  void localWritesGoToTheConflictsAndTheRowsShowTheMeshsValuesAgain(Role role) {
    pair(TABLE, "INSERT INTO t VALUES ('a', 'one', 1), ('b', 'two', 2), ('c', 'three', 3)");
    role(role);
    laptop(
        "UPDATE t SET v = 'mine' WHERE id = 'a'",
        "DELETE FROM t WHERE id = 'b'",
        "INSERT INTO t VALUES ('new', 'mine too', 9)");
    harvest();
    assertThat(all("laptop")).containsExactlyInAnyOrder("a:one:1", "b:two:2", "c:three:3");
    assertThat(nodes.mesh("laptop").view().conflicts(100, true))
        .extracting(ConflictEntry::column)
        .contains("v");
    assertThat(figures("laptop").untaken()).isZero();
    sync();
    assertThat(all("vps")).containsExactlyInAnyOrder("a:one:1", "b:two:2", "c:three:3");
    vps("UPDATE t SET v = 'newer' WHERE id = 'a'", "DELETE FROM t WHERE id = 'c'");
    sync();
    assertThat(all("laptop")).containsExactlyInAnyOrder("a:newer:1", "b:two:2");
    assertSame("t");
  }

  @Test
  void aWriteThatMeetsAnothersInTheSameMomentIsNotLost() {
    pair(TABLE, "INSERT INTO t VALUES ('a', 'one', 1)");
    role(Role.READ);
    laptop("UPDATE t SET v = 'mine' WHERE id = 'a'");
    vps("UPDATE t SET v = 'theirs' WHERE id = 'a'");
    sync();
    assertThat(all("laptop")).containsExactly("a:theirs:1");
    assertThat(nodes.mesh("laptop").view().conflicts(100, true))
        .extracting(ConflictEntry::lost)
        .contains(Value.of("mine"));
  }

  @Test
  void valuesThatChangedPlacesUnderAUniqueIndexGoBack() {
    pair(
        TABLE,
        "CREATE UNIQUE INDEX u ON t (v)",
        "INSERT INTO t VALUES ('a', 'one', 1), ('b', 'two', 2)");
    role(Role.READ);
    laptop(
        "UPDATE t SET v = 'x' WHERE id = 'a'",
        "UPDATE t SET v = 'one' WHERE id = 'b'",
        "UPDATE t SET v = 'two' WHERE id = 'a'",
        "INSERT OR REPLACE INTO t VALUES ('c', 'one', 3)");
    harvest();
    assertThat(all("laptop")).containsExactlyInAnyOrder("a:one:1", "b:two:2");
    assertNothingWaits();
  }

  @Test
  void theFounderMayBeMadeAReaderToo() {
    pair(TABLE, "INSERT INTO t VALUES ('a', 'one', 1)");
    nodes
        .mesh("laptop")
        .membership()
        .changeRole(nodes.mesh("vps").nodeKey().verifyKey(), Role.READ, nodes.persona().key());
    sync();
    vps("UPDATE t SET v = 'mine'");
    sync();
    assertThat(all("vps")).containsExactly("a:one:1");
    assertSame("t");
  }

  /** Nothing of a write that did not count makes a difference to a comparison, in any role. */
  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"READ", "RELAY"})
  void whatWasRefusedLeavesNothingBehind(Role role) {
    pair(TABLE, "INSERT INTO t VALUES ('a', 'one', 1)");
    role(role);
    laptop("INSERT INTO t VALUES ('rel', 'nope', 0)");
    harvest();
    assertThat(known("laptop")).containsExactly("a");
    role(Role.FULL);
    harvest();
    sync();
    laptop("UPDATE t SET v = 'two' WHERE id = 'a'");
    sync();
    assertThat(known("laptop")).isEqualTo(known("vps")).containsExactly("a");
  }

  private List<String> known(String name) {
    return rows(name, "SELECT k0 FROM _mesh_shadow_1 ORDER BY k0");
  }

  @Test
  void whoMayWriteAgainDoes() {
    pair(TABLE, "INSERT INTO t VALUES ('a', 'one', 1)");
    role(Role.READ);
    laptop("UPDATE t SET v = 'mine' WHERE id = 'a'");
    harvest();
    role(Role.FULL);
    laptop("UPDATE t SET w = 5 WHERE id = 'a'");
    sync();
    assertThat(all("vps")).containsExactly("a:one:5");
    assertSame("t");
  }

  @Test
  void aMassOfDeletesIsTakenBackToo() {
    pair(
        TABLE,
        """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
        INSERT INTO t SELECT i, 'x', i FROM n""");
    role(Role.READ);
    laptop("DELETE FROM t");
    harvest();
    assertThat(rows("laptop", "SELECT count(*) FROM t")).containsExactly("300");
    assertSame("t");
  }

  @Test
  void rowsThatAReaderBroughtAlongStayItsOwn() {
    nodes.database("vps", TABLE, "INSERT INTO t VALUES ('a', 'one', 1)");
    nodes.found("vps");
    nodes.database("laptop", TABLE, "INSERT INTO t VALUES ('own', 'here', 2)");
    nodes.join("laptop", "vps", Role.READ);
    sync();
    assertThat(all("laptop")).containsExactlyInAnyOrder("a:one:1", "own:here:2");
    assertThat(all("vps")).containsExactly("a:one:1");
    laptop("UPDATE t SET v = 'still here' WHERE id = 'own'");
    harvest();
    assertThat(all("laptop")).containsExactlyInAnyOrder("a:one:1", "own:still here:2");
    laptop("UPDATE t SET v = 'no' WHERE id = 'a'");
    harvest();
    assertThat(all("laptop")).containsExactlyInAnyOrder("a:one:1", "own:still here:2");
  }

  @Test
  void batchesThatAReaderSignsAllTheSameAreRefused() {
    pair(TABLE);
    laptop("INSERT INTO t VALUES ('early', '', 0)");
    sync();
    laptop("INSERT INTO t VALUES ('late', '', 0)");
    nodes.mesh("laptop").harvest();
    nodes
        .mesh("vps")
        .membership()
        .changeRole(nodes.mesh("laptop").nodeKey().verifyKey(), Role.READ, nodes.persona().key());
    long held = nodes.mesh("vps").summary().seq(nodes.mesh("laptop").site());
    List<Bytes> late =
        nodes
            .mesh("laptop")
            .delta(List.of(new DotRange(nodes.mesh("laptop").site(), held + 1, Long.MAX_VALUE - 1)))
            .next(1 << 20)
            .stream()
            .map(SignedBatch::envelope)
            .toList();
    assertThat(nodes.mesh("vps").ingest(late)).hasOnlyElementsOfType(Ingested.Retired.class);
    assertThat(rows("vps", "SELECT id FROM t")).containsExactly("early");
  }

  /** Nobody's later write and no delete beat it: it says so, however the row stands. */
  @Test
  void whatWasRefusedIsToldAsSuchAndNotAsLostToSomebody() {
    pair(TABLE, "INSERT INTO t VALUES ('a', 'one', 1), ('b', 'two', 2)");
    vps("UPDATE t SET v = 'newer' WHERE id = 'a'");
    sync();
    role(Role.READ);
    laptop("UPDATE t SET v = 'mine' WHERE id = 'a'", "INSERT INTO t VALUES ('new', 'mine too', 9)");
    harvest();
    assertThat(nodes.mesh("laptop").view().conflicts(100, true))
        .hasSize(3)
        .allMatch(ConflictEntry::refused)
        .noneMatch(ConflictEntry::deleted);
    assertThat(conflicts("laptop")).isZero();
    assertThat(figures("laptop").conflicts()).isZero();
    RowStory made = nodes.mesh("laptop").view().explain("t", "new", Optional.empty());
    assertThat(made.state()).isEqualTo(RowStory.State.REFUSED);
    assertThat(made.columns()).allMatch(column -> column.lost().get(0).refused());
    RowStory kept = nodes.mesh("laptop").view().explain("t", "a", Optional.of("v"));
    assertThat(kept.state()).isEqualTo(RowStory.State.ALIVE);
    assertThat(kept.columns().get(0).decision()).contains(Decision.LATER_WRITE);
    assertThat(kept.columns().get(0).lost())
        .extracting(ConflictEntry::lost)
        .contains(Value.of("mine"));
  }

  @Test
  void whatWasRefusedIsWrittenBackOnceItsNodeMayWriteAndNotBefore() {
    pair(TABLE, "INSERT INTO t VALUES ('a', 'one', 1)");
    role(Role.READ);
    laptop("INSERT INTO t VALUES ('new', 'mine', 9)");
    harvest();
    long number = nodes.mesh("laptop").view().conflicts(1).get(0).number();
    assertThatThrownBy(() -> Restoration.of(nodes.file("laptop"), number, nodes.nowMillis))
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.VALUE_REFUSED);
              assertThat(e.remedy()).contains("on another node: fazt mesh role laptop full");
            })
        .hasMessageContaining("this node may not write");
    assertThat(all("laptop")).containsExactly("a:one:1");
    role(Role.FULL);
    Restoration.of(nodes.file("laptop"), number, nodes.nowMillis);
    sync();
    assertThat(all("vps")).containsExactlyInAnyOrder("a:one:1", "new:mine:9");
    assertThat(nodes.mesh("laptop").view().conflicts(100)).isEmpty();
    assertSame("t");
  }

  /** It was signed before the word came, so that it shows here, and counts nowhere else. */
  @Test
  void whatWasSignedAfterTheRightWasLostIsToldAsRefused() {
    pair(TABLE, "INSERT INTO t VALUES ('a', 'one', 1), ('b', 'two', 2)");
    laptop("INSERT INTO t VALUES ('early', 'mine', 8)");
    sync();
    nodes
        .mesh("vps")
        .membership()
        .changeRole(nodes.mesh("laptop").nodeKey().verifyKey(), Role.READ, nodes.persona().key());
    laptop(
        "INSERT INTO t VALUES ('late', 'mine', 9)",
        "UPDATE t SET v = 'late' WHERE id = 'a'",
        "DELETE FROM t WHERE id = 'b'");
    nodes.mesh("laptop").harvest();
    nodes.carry("laptop", "vps");
    nodes.carry("vps", "laptop");
    MeshView view = nodes.mesh("laptop").view();
    assertThat(view.log(LogFilter.newest(10)))
        .extracting(LogEntry::refused)
        .startsWith(true)
        .endsWith(false);
    assertThat(view.explain("t", "late", Optional.empty()).decision()).contains(Decision.REFUSED);
    assertThat(view.explain("t", "b", Optional.empty()).decision()).contains(Decision.REFUSED);
    RowStory changed = view.explain("t", "a", Optional.of("v"));
    assertThat(changed.decision()).isEmpty();
    assertThat(changed.columns().get(0).decision()).contains(Decision.REFUSED);
    assertThat(view.explain("t", "early", Optional.empty()).decision()).isEmpty();
    assertThat(nodes.mesh("vps").view().log(LogFilter.newest(10))).noneMatch(LogEntry::refused);
  }

  /** Of what no other member is known to have, batches are counted, whatever they hold. */
  @Test
  void whatAMemberIsNotKnownToHaveIsCountedInBatches() {
    pair(TABLE);
    laptop("INSERT INTO t VALUES ('a', '', 0), ('b', '', 0)");
    VerifyKey vps = nodes.mesh("vps").nodeKey().verifyKey();
    long before = nodes.mesh("laptop").view().unsentTo(vps);
    nodes.mesh("laptop").harvest();
    assertThat(nodes.mesh("laptop").view().unsentTo(vps)).isEqualTo(before).isEqualTo(1);
    laptop("INSERT INTO t VALUES ('c', '', 0)");
    assertThat(nodes.mesh("laptop").view().unsentTo(vps)).isEqualTo(2);
  }
}
