package sh.fazt.mesh.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/** The numbers of sites. */
class SiteBookTest {
  @TempDir Path folder;

  @Test
  void whoAsksForASiteThatWasNeverMetFindsNothingAndLeavesNoTrace() {
    SigningKey key = SigningKey.generate(Chance.from(new Random(1)));
    SiteId stranger = new SiteId(key.verifyKey(), 1);
    Dot dot = new Dot(stranger, 2);
    Stamp stamp = new Stamp(Hlc.of(1_700_000_000_000L, 0), stranger);
    try (Database database = Database.create(folder.resolve("a.db"))) {
      MeshTables.create(database);
      SiteBook sites = new SiteBook(database);
      ChangeLog log = new ChangeLog(database, sites);
      BranchBook branches = new BranchBook(database, sites);
      GoneTable gone = new GoneTable(database, sites);
      assertThat(log.find(dot)).isEmpty();
      assertThat(log.hash(dot)).isEmpty();
      assertThat(log.clockBy(dot)).isEqualTo(Hlc.ZERO);
      assertThat(log.changesAfter(stranger, Hlc.ZERO)).isZero();
      assertThat(log.number(dot)).isZero();
      assertThat(log.before(List.of(new DotRange(stranger, 1, 2)))).isEqualTo(Long.MAX_VALUE);
      assertThat(log.endOfTransaction(stranger, 1)).isEmpty();
      assertThat(log.startOfTransaction(stranger, 1)).isOne();
      assertThat(log.changes(stranger, 1, 2)).isZero();
      assertThat(branches.sibling(dot, Hash.ZERO, Hash.ZERO)).isEmpty();
      assertThat(branches.at(stamp)).isEmpty();
      assertThat(branches.carriersOf(stamp)).isEmpty();
      assertThat(branches.uncarried(stranger, 9)).isEmpty();
      assertThat(gone.known(stranger)).isZero();
      assertThat(gone.inBatches(stranger, 1, 2)).isZero();
      assertThat(database.scalar("SELECT count(*) FROM _mesh_site")).isZero();
    }
  }

  /** A member may sign as many forks as it likes; no summary of an honest one may grow too long. */
  @Test
  void soManyForksAreKeptAsASummaryCanName() {
    VerifyKey liar = SigningKey.generate(Chance.from(new Random(2))).verifyKey();
    try (Database database = Database.create(folder.resolve("forks.db"))) {
      MeshTables.create(database);
      SiteBook sites = new SiteBook(database);
      for (int i = 1; i < Summary.FORKS_MAX; i++) {
        sites.number(new SiteId(liar, i));
      }
      database.run("UPDATE _mesh_site SET forked_at = 2");
      sites.forget();
      assertThat(sites.fork(new SiteId(liar, Summary.FORKS_MAX), 2)).isTrue();
      assertThat(sites.fork(new SiteId(liar, Summary.FORKS_MAX + 1), 2)).isFalse();
      assertThat(sites.fork(new SiteId(liar, 1), 1)).as("an earlier place").isTrue();
      assertThat(sites.summary().forks()).hasSize(Summary.FORKS_MAX);
    }
  }
}
