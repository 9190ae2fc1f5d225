package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.SignedBatch;

/** A node whose past was told in two ways: what was written on either branch counts, once. */
class BranchesTest extends PairOfReplicas {
  private static final int ROUNDS_MAX = 20;

  private void trio(String... statements) {
    pair(statements);
    nodes.join("phone", "vps");
    settle("vps", "laptop", "phone");
  }

  private void phone(String... statements) {
    nodes.nowMillis += 10;
    nodes.app("phone").run(statements);
  }

  /** Lets all of these meet until they hold the same, as nodes do. */
  private void settle(String... names) {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      for (String from : names) {
        for (String to : names) {
          if (!from.equals(to)) {
            meet(from, to);
          }
        }
      }
      boolean same = true;
      for (String name : names) {
        while (nodes.mesh(name).branches().carry()) {
          assertThat(nodes.mesh(name).takeFresh()).isNotEmpty();
        }
        same &= nodes.mesh(name).summary().equals(nodes.mesh(names[0]).summary());
      }
      if (same && round > 0) {
        return;
      }
    }
    throw new AssertionError("they do not come to hold the same");
  }

  private void meet(String from, String to) {
    List<Ingested> results = nodes.carry(from, to);
    if (results.stream().anyMatch(Ingested.OwnPast.class::isInstance)) {
      reopen(to);
    }
    for (Ingested result : results) {
      if (result instanceof Ingested.Missing missing) {
        give(from, to, missing.needed());
      }
    }
    nodes.mesh(from).summary().forks().forEach((site, seq) -> prove(from, to, new Dot(site, seq)));
    Map<SiteId, Head> theirs = nodes.mesh(from).summary().heads();
    for (Map.Entry<SiteId, Head> each : theirs.entrySet()) {
      Head ours = nodes.mesh(to).summary().head(each.getKey()).orElse(each.getValue());
      boolean differ =
          each.getValue().seq() > ours.seq()
              || (each.getValue().seq() == ours.seq() && !each.getValue().equals(ours));
      if (differ && nodes.mesh(to).summary().seq(each.getKey()) > 0) {
        search(from, to, each.getKey(), ours.seq());
      }
    }
  }

  /** A peer that says where a site has forked gives the two batches of that place. */
  private void prove(String from, String to, Dot fork) {
    Summary ours = nodes.mesh(to).summary();
    List<Bytes> both = given(from, new DotRange(fork.site(), fork.seq(), fork.seq()));
    if (fork.site().equals(nodes.mesh(to).site())) {
      assertThat(both)
          .anyMatch(
              each -> nodes.mesh(to).ingest(List.of(each)).get(0) instanceof Ingested.OwnPast);
      reopen(to);
    } else if (ours.forks().getOrDefault(fork.site(), Long.MAX_VALUE) > fork.seq()) {
      assertThat(nodes.mesh(to).branches().prove(both.get(0), both.get(1))).isTrue();
    }
  }

  /** A peer gives what it is asked for, also beyond what it says it holds. */
  private void give(String from, String to, Dot needed) {
    long next = nodes.mesh(to).summary().seq(needed.site()) + 1;
    if (next <= needed.seq()) {
      nodes
          .mesh(from)
          .delta(List.of(new DotRange(needed.site(), next, needed.seq())))
          .next(1 << 20)
          .forEach(batch -> nodes.mesh(to).ingest(List.of(batch.envelope())));
    }
  }

  /** Looks for the place where the branches part, from the end. */
  private void search(String from, String to, SiteId site, long last) {
    for (long seq = last; seq > 0; seq--) {
      Bytes envelope =
          nodes.mesh(from).delta(List.of(new DotRange(site, seq, seq))).next(1).get(0).envelope();
      Ingested result = nodes.mesh(to).ingest(List.of(envelope)).get(0);
      if (result instanceof Ingested.OwnPast) {
        reopen(to);
        return;
      } else if (!(result instanceof Ingested.Forked forked) || forked.parts()) {
        return;
      }
    }
  }

  private void reopen(String name) {
    nodes.openAgain(name);
  }

  private static void copyAll(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private void copyLaptop(Path database, Path keys, Path toDatabase, Path toKeys)
      throws IOException {
    nodes.closeMesh("laptop");
    nodes.closeApp("laptop");
    Files.copy(database, toDatabase, StandardCopyOption.REPLACE_EXISTING);
    copyAll(keys, toKeys);
    nodes.open("laptop");
  }

  private void keepLaptop() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("copy"));
    Path keys = folder.resolve("laptop.db.mesh");
    copyLaptop(nodes.file("laptop"), keys, copy.resolve("laptop.db"), copy.resolve("keys"));
  }

  private void putLaptopBack() throws IOException {
    Path copy = folder.resolve("copy");
    Path keys = folder.resolve("laptop.db.mesh");
    copyLaptop(copy.resolve("laptop.db"), copy.resolve("keys"), nodes.file("laptop"), keys);
  }

  private void assertAllHave(String... rows) {
    for (String name : List.of("vps", "laptop", "phone")) {
      assertThat(rows(name, "SELECT id || v FROM t ORDER BY id")).as(name).containsExactly(rows);
      assertThat(figures(name).parked()).as("parked on " + name).isZero();
      assertThat(nodes.scrub(name)).as("found by a scrub of " + name).isZero();
    }
  }

  @Test
  void whatWasWrittenAfterBeingPutBackAndBeforeMeetingAnyoneReachesAll() throws IOException {
    trio("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    laptop("INSERT INTO t VALUES ('a', '1')");
    settle("vps", "laptop", "phone");
    keepLaptop();
    laptop("INSERT INTO t VALUES ('b', '2')");
    settle("vps", "laptop");
    laptop("INSERT INTO t VALUES ('c', '3')");
    settle("vps", "laptop");
    putLaptopBack();
    laptop("INSERT INTO t VALUES ('d', '4')", "UPDATE t SET v = '5' WHERE id = 'a'");
    nodes.mesh("laptop").harvest();
    laptop("INSERT INTO t VALUES ('e', '6')");
    nodes.mesh("laptop").harvest();
    settle("vps", "laptop", "phone");
    assertAllHave("a5", "b2", "c3", "d4", "e6");
    assertThat(nodes.mesh("laptop").site().incarnation()).isEqualTo(2);
    for (String name : List.of("vps", "laptop", "phone")) {
      assertThat(nodes.mesh(name).view().forks()).as("proofs on " + name).hasSize(1);
      assertThat(conflicts(name)).as("conflicts on " + name).isZero();
    }
    laptop("INSERT INTO t VALUES ('f', '7')", "UPDATE t SET v = '8' WHERE id = 'd'");
    phone("UPDATE t SET v = '9' WHERE id = 'b'");
    settle("vps", "laptop", "phone");
    assertAllHave("a5", "b9", "c3", "d8", "e6", "f7");
  }

  @Test
  void branchesThatSpreadToDifferentPeersReachAll() throws IOException {
    trio("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES ('x', '0')");
    laptop("INSERT INTO t VALUES ('a', '1')");
    settle("vps", "laptop", "phone");
    keepLaptop();
    laptop("INSERT INTO t VALUES ('b', '2')", "UPDATE t SET v = 'one' WHERE id = 'x'");
    settle("vps", "laptop");
    laptop("INSERT INTO t VALUES ('c', '3')");
    settle("vps", "laptop");
    putLaptopBack();
    laptop("INSERT INTO t VALUES ('d', '4')", "UPDATE t SET v = 'two' WHERE id = 'x'");
    settle("phone", "laptop");
    phone("UPDATE t SET v = '44' WHERE id = 'd'");
    settle("phone", "laptop");
    settle("vps", "phone");
    settle("vps", "laptop", "phone");
    assertAllHave("a1", "b2", "c3", "d44", "xtwo");
    for (String name : List.of("vps", "phone", "laptop")) {
      assertThat(nodes.mesh(name).view().forks()).as("proofs on " + name).hasSize(1);
      assertThat(nodes.mesh(name).view().conflicts(9))
          .as("what lost on " + name)
          .extracting(ConflictEntry::lost)
          .containsExactly(Value.of("one"));
    }
  }

  @Test
  void aNewcomerGetsBothBranches() throws IOException {
    branchesThatSpreadToDifferentPeersReachAll();
    nodes.join("tablet", "phone");
    settle("tablet", "phone");
    assertThat(rows("tablet", "SELECT id || v FROM t ORDER BY id"))
        .containsExactly("a1", "b2", "c3", "d44", "xtwo");
    settle("tablet", "vps", "laptop", "phone");
    assertThat(nodes.scrub("tablet")).isZero();
  }

  /** A machine cloned with its keys: both copies write, each as if it were alone. */
  @Test
  void ofTwoThatWorkWithOneKeyOneIsToldAndNothingIsLost() throws IOException {
    trio("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    laptop("INSERT INTO t VALUES ('a', '1')");
    settle("vps", "laptop", "phone");
    nodes.closeMesh("laptop");
    nodes.closeApp("laptop");
    Files.copy(nodes.file("laptop"), nodes.file("clone"));
    copyAll(folder.resolve("laptop.db.mesh"), folder.resolve("clone.db.mesh"));
    nodes.open("laptop");
    nodes.open("clone");
    laptop("INSERT INTO t VALUES ('b', '2')");
    nodes.nowMillis += 10;
    nodes.app("clone").run("INSERT INTO t VALUES ('c', '3')");
    nodes.mesh("clone").harvest();
    settle("vps", "laptop");
    settle("vps", "clone");
    assertThat(nodes.mesh("clone").site().incarnation()).isEqualTo(2);
    nodes.nowMillis += 10;
    nodes.app("clone").run("INSERT INTO t VALUES ('d', '4')");
    settle("vps", "clone");
    laptop("INSERT INTO t VALUES ('e', '5')");
    settle("vps", "laptop");
    assertThat(nodes.mesh("laptop").site().incarnation()).isEqualTo(3);
    laptop("INSERT INTO t VALUES ('f', '6')");
    settle("vps", "laptop");
    assertThat(nodes.mesh("laptop").isElsewhere()).isFalse();
    assertThat(nodes.carry("vps", "clone")).hasAtLeastOneElementOfType(Ingested.OwnPast.class);
    if (!nodes.mesh("clone").isElsewhere()) {
      reopen("clone");
      assertThat(nodes.carry("vps", "clone")).hasAtLeastOneElementOfType(Ingested.OwnPast.class);
    }
    assertThat(nodes.mesh("clone").isElsewhere()).isTrue();
    nodes.closeMesh("clone");
    settle("vps", "laptop", "phone");
    assertAllHave("a1", "b2", "c3", "d4", "e5", "f6");
  }

  /** What its clock stamped before it was put back lies in the future of the clock it has now. */
  @Test
  void aClockThatWasAheadBeforeMakesNobodyAnotherProcess() throws IOException {
    trio("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    settle("vps", "laptop", "phone");
    laptop("INSERT INTO t VALUES ('a', '1')");
    settle("vps", "laptop", "phone");
    keepLaptop();
    nodes.nowMillis += 60_000;
    settle("vps", "laptop");
    laptop("INSERT INTO t VALUES ('b', '2')");
    settle("vps", "laptop");
    putLaptopBack();
    laptop("INSERT INTO t VALUES ('c', '3')");
    settle("vps", "laptop");
    SiteId second = nodes.mesh("laptop").site();
    assertThat(second.incarnation()).isEqualTo(2);
    nodes.nowMillis -= 60_000;
    putLaptopBack();
    laptop("INSERT INTO t VALUES ('d', '4')");
    assertThat(nodes.mesh("laptop").ingest(given("vps", new DotRange(second, 1, 1))))
        .hasOnlyElementsOfType(Ingested.OwnPast.class);
    assertThat(nodes.mesh("laptop").isElsewhere()).isFalse();
    reopen("laptop");
    settle("vps", "laptop", "phone");
    assertAllHave("a1", "b2", "c3", "d4");
  }

  @Test
  void whoHoldsBranchesOnlyCarriedGivesThemToWhoDoesNotKnowOfTheFork() throws IOException {
    branchesThatSpreadToDifferentPeersReachAll();
    nodes.join("tablet", "vps");
    nodes.join("watch", "phone");
    settle("tablet", "vps");
    SiteId forked = nodes.mesh("vps").view().forks().get(0).held().site();
    assertThat(nodes.mesh("tablet").summary().seq(forked)).isOne();
    settle("watch", "tablet");
    assertThat(rows("watch", "SELECT id || v FROM t ORDER BY id"))
        .containsExactly("a1", "b2", "c3", "d44", "xtwo");
    settle("tablet", "vps", "laptop", "phone", "watch");
  }

  private List<Bytes> given(String name, DotRange range) {
    List<Bytes> envelopes = new ArrayList<>();
    DeltaCursor delta = nodes.mesh(name).delta(List.of(range));
    for (List<SignedBatch> page = delta.next(1); !page.isEmpty(); page = delta.next(1)) {
      page.forEach(batch -> envelopes.add(batch.envelope()));
    }
    return envelopes;
  }

  @Test
  void whoAsksForThePlaceOfAForkIsGivenBothBatches() throws IOException {
    branchesThatSpreadToDifferentPeersReachAll();
    nodes.join("tablet", "vps");
    settle("tablet", "vps");
    SiteId forked = nodes.mesh("vps").view().forks().get(0).held().site();
    for (String name : List.of("vps", "laptop", "phone", "tablet")) {
      assertThat(nodes.mesh(name).summary().forks()).as(name).isEqualTo(Map.of(forked, 2L));
      List<Bytes> both = given(name, new DotRange(forked, 2, 2));
      assertThat(both).as(name).hasSize(2).doesNotHaveDuplicates();
      assertThat(given(name, new DotRange(forked, 1, 1))).as(name).hasSize(1);
      assertThat(given(name, new DotRange(forked, 1, 2))).as(name).endsWith(both.get(1));
    }
  }

  private static String manyRows(int count) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
            .formatted(count)
        + " INSERT INTO t SELECT 'r' || i, 'v' || i FROM n";
  }

  /** The laptop's rows came to the vps, which carries them to the phone. */
  private void rowsThatThePhoneHasByCarriers() throws IOException {
    trio("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    laptop("INSERT INTO t VALUES ('a', '1')");
    settle("vps", "laptop", "phone");
    keepLaptop();
    laptop(manyRows(150));
    settle("vps", "laptop");
    putLaptopBack();
    laptop("INSERT INTO t VALUES ('d', '4')");
    settle("phone", "laptop");
    settle("vps", "laptop", "phone");
    assertThat(rows("phone", "SELECT count(*) FROM t")).containsExactly("152");
  }

  @Test
  void rowsThatCameByCarriersComeBackFromAMassDelete() throws IOException {
    rowsThatThePhoneHasByCarriers();
    List<String> before = nodes.app("phone").exact("t");
    phone("DELETE FROM t");
    nodes.mesh("phone").harvest();
    assertThat(nodes.mesh("phone").massDeletes().undo(Set.of()).unknown()).isZero();
    assertThat(nodes.app("phone").exact("t")).isEqualTo(before);
  }

  @Test
  void rowsThatCameByCarriersAreKeptBeforeTheyGo() throws IOException {
    rowsThatThePhoneHasByCarriers();
    List<String> before = nodes.app("phone").exact("t");
    phone("DELETE FROM t");
    nodes.mesh("phone").harvest();
    Path kept = nodes.mesh("phone").massDeletes().allow(Set.of()).restorePoint().orElseThrow();
    try (PlainSql copy = new PlainSql(kept)) {
      assertThat(copy.exact("t")).isEqualTo(before);
    }
  }

  private Bytes last(String name, SiteId site) {
    long seq = nodes.mesh(name).summary().seq(site);
    return nodes.mesh(name).delta(List.of(new DotRange(site, seq, seq))).next(1).get(0).envelope();
  }

  /** As the disk may be full in the moment in which it is found. */
  @Test
  void forkThatWasFoundInATransactionThatFailedIsFoundAgain() throws IOException {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    laptop("INSERT INTO t VALUES ('a', '1')");
    sync();
    keepLaptop();
    laptop("INSERT INTO t VALUES ('b', '2')");
    sync();
    putLaptopBack();
    laptop("INSERT INTO t VALUES ('d', '4')");
    nodes.mesh("laptop").harvest();
    Bytes second = last("laptop", nodes.mesh("laptop").site());
    Mesh vps = nodes.mesh("vps");
    vps(
        "CREATE TRIGGER full BEFORE INSERT ON _mesh_applying"
            + " WHEN EXISTS (SELECT 1 FROM _mesh_fork) BEGIN SELECT RAISE(ABORT, 'full'); END");
    assertThatThrownBy(() -> vps.ingest(List.of(second))).isInstanceOf(MeshException.class);
    assertThat(vps.branches().takeFound()).as("nothing of it remains").isEmpty();
    vps("DROP TRIGGER full");
    assertThat(vps.ingest(List.of(second))).hasOnlyElementsOfType(Ingested.Forked.class);
    assertThat(vps.branches().takeFound()).singleElement().matches(trunk -> trunk.limit() == 1);
  }
}
