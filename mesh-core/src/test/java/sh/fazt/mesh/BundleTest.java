package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;

/** Nodes that meet through files alone. */
class BundleTest extends BundlesOfReplicas {
  @Test
  void nodesThatNeverMeetSyncByFilesBothWaysAndEndEqual() {
    pair();
    write("vps", "b", "vps");
    nodes.app("laptop").run("INSERT INTO t VALUES ('l', 'laptop')");
    export("vps", "there");
    take("laptop", "there");
    write("laptop", "c", "laptop");
    nodes.nowMillis += 1_000;
    nodes.app("laptop").run("UPDATE t SET v = 'edited' WHERE id = 'a'");
    export("laptop", "back", "vps");
    take("vps", "back");
    export("vps", "again", "laptop");
    take("laptop", "again");
    assertThat(rows("laptop"))
        .containsExactly("a:edited", "b:vps", "c:laptop", "l:laptop")
        .isEqualTo(rows("vps"));
    assertThat(summary("laptop")).isEqualTo(summary("vps"));
  }

  @Test
  void whatThePeerIsKnownToHaveIsLeftOut() {
    pair();
    for (int i = 0; i < 5; i++) {
      write("vps", "v" + i, "x");
    }
    assertThat(export("vps", "whole", "laptop").leftOut()).isZero();
    take("laptop", "whole");
    write("laptop", "l", "x");
    export("laptop", "back", "vps");
    take("vps", "back");
    write("vps", "late", "x");
    BundleExport.Written rest = export("vps", "rest", "laptop");
    assertThat(rest.batches()).isOne();
    assertThat(rest.leftOut()).isGreaterThanOrEqualTo(6);
    BundleImport.Taken taken = take("laptop", "rest");
    assertThat(taken.delivered()).isOne();
    assertThat(taken.known()).isZero();
    assertThat(rows("laptop")).isEqualTo(rows("vps"));
  }

  @Test
  void aSecondTimeChangesNothing() {
    pair();
    write("vps", "b", "x");
    export("vps", "b");
    long delivered = take("laptop", "b").delivered();
    Summary before = summary("laptop");
    BundleImport.Taken again = take("laptop", "b");
    assertThat(delivered).isPositive();
    assertThat(again.delivered()).isZero();
    assertThat(again.known()).isEqualTo(delivered);
    assertThat(again.rosterGrew()).isFalse();
    assertThat(summary("laptop")).isEqualTo(before);
  }

  @Test
  void membersThatWereAdmittedMeanwhileAreKnownAfterwards() {
    pair();
    nodes.open("vps");
    nodes.join("phone", "vps");
    nodes.closeMesh("vps");
    nodes.closeMesh("phone");
    export("vps", "roster");
    take("phone", "roster");
    write("phone", "p", "of the phone");
    export("phone", "on");
    BundleImport.Taken taken = take("laptop", "on");
    assertThat(taken.rosterGrew()).isTrue();
    assertThat(taken.unknown()).isZero();
    assertThat(rows("laptop")).contains("p:of the phone");
  }

  @Test
  void whatMustComeFirstIsSaidAndTheRestIsTakenOnceItIsThere() {
    pair();
    export("vps", "first");
    take("laptop", "first");
    write("laptop", "l", "x");
    export("laptop", "news");
    take("vps", "news");
    write("vps", "one", "x");
    export("vps", "one", "laptop");
    write("laptop", "m", "x");
    long seq = summary("vps").seq(nodes.open("vps").site());
    nodes.closeMesh("vps");
    // Another that says it has seen what the first one holds.
    Summary claimed = summary("vps");
    write("vps", "two", "x");
    export(
        "vps",
        BundleExport.of(nodes.file("vps"), bundle("two"))
            .forPeer("laptop")
            .knownToHold(heads(claimed)));
    BundleImport.Taken early = take("laptop", "two");
    assertThat(early.delivered()).isZero();
    assertThat(early.missing())
        .singleElement()
        .satisfies(range -> assertThat(range.to()).isEqualTo(seq))
        .extracting(DotRange::size)
        .isEqualTo(1L);
    assertThat(rows("laptop")).doesNotContain("two:x");
    assertThat(take("laptop", "one").missing()).isEmpty();
    assertThat(take("laptop", "two").missing()).isEmpty();
    assertThat(rows("laptop")).contains("one:x", "two:x");
  }

  private static Map<SiteId, Long> heads(Summary summary) {
    Map<SiteId, Long> heads = new TreeMap<>();
    summary.heads().forEach((site, head) -> heads.put(site, head.seq()));
    return heads;
  }

  @Test
  void whoeverDiesInTheMiddleGoesOnWithTheSameFile() {
    pair();
    for (int i = 0; i < 200; i++) {
      write("vps", "v" + i, "x");
    }
    export("vps", "long");
    try (ReplicaRecipient replica =
        ReplicaRecipient.open(nodes.file("laptop"), nodes.ambient("laptop"))) {
      assertThatThrownBy(() -> BundleImport.take(bundle("long"), new Dying(replica), n -> {}))
          .hasMessage("died");
    }
    BundleImport.Taken taken = take("laptop", "long");
    assertThat(taken.known()).isPositive();
    assertThat(taken.delivered()).isPositive();
    assertThat(rows("laptop")).isEqualTo(rows("vps"));
  }

  /** Takes one page, then no more. */
  private static class Dying implements BundleImport.Recipient {
    final ReplicaRecipient replica;
    private boolean once;

    Dying(ReplicaRecipient replica) {
      this.replica = replica;
    }

    @Override
    public MeshId mesh() {
      return replica.mesh();
    }

    @Override
    public Path database() {
      return replica.database();
    }

    @Override
    public boolean meet(List<Bytes> operations) throws MalformedException {
      return replica.meet(operations);
    }

    @Override
    public List<Ingested> ingest(List<Bytes> envelopes) {
      if (once) {
        throw new IllegalStateException("died");
      }
      once = true;
      return replica.ingest(envelopes);
    }

    @Override
    public Summary summary() {
      return replica.summary();
    }

    @Override
    public void caughtUp() {
      replica.caughtUp();
    }
  }

  @Test
  void aFileThatIsThereIsReplacedOnlyWhereThatIsSaid() throws IOException {
    pair();
    Files.writeString(bundle("b"), "mine");
    Files.writeString(folder.resolve("b.bundle.part"), "of one that died");
    refused(ErrorCode.FILE_EXISTS, () -> export("vps", "b"));
    assertThat(bundle("b")).hasContent("mine");
    export("vps", BundleExport.of(nodes.file("vps"), bundle("b")).replacing());
    assertThat(take("laptop", "b").delivered()).isPositive();
    assertThat(folder.resolve("b.bundle.part")).doesNotExist();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(bundle("b"))))
        .isEqualTo("rw-------");
    refused(ErrorCode.PEER_UNKNOWN, () -> export("vps", "for-nobody", "nobody"));
    assertThat(bundle("for-nobody")).doesNotExist();
  }

  @Test
  void anOldCopyThatMeetsItsOwnLostBatchesGoesOnAsTheNextIncarnation() throws IOException {
    pair();
    export("vps", "first");
    take("laptop", "first");
    write("laptop", "kept", "x");
    nodes.closeApp("laptop");
    copy("laptop.db", "old.db");
    copy("laptop.db.mesh/high-water", "old.mark");
    nodes.open("laptop");
    nodes.closeMesh("laptop");
    write("laptop", "lost", "x");
    export("laptop", "lost");
    take("vps", "lost");
    export("vps", "back");
    nodes.closeApp("laptop");
    copy("old.db", "laptop.db");
    copy("old.mark", "laptop.db.mesh/high-water");
    nodes.open("laptop");
    nodes.closeMesh("laptop");
    assertThat(take("laptop", "back").missing()).isEmpty();
    assertThat(rows("laptop")).contains("lost:x").isEqualTo(rows("vps"));
    assertThat(nodes.open("laptop").site().incarnation()).isEqualTo(2);
    nodes.closeMesh("laptop");
  }

  private void copy(String from, String to) throws IOException {
    Files.copy(folder.resolve(from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void whatANodeWroteBeforeItLeftIsTakenAndItsLeavingIsKnown() {
    pair();
    write("laptop", "l", "x");
    Mesh laptop = nodes.open("laptop");
    laptop.membership().leave(laptop.nodeKey());
    nodes.closeMesh("laptop");
    export("laptop", "last");
    BundleImport.Taken taken = take("vps", "last");
    assertThat(taken.rosterGrew()).isTrue();
    assertThat(rows("vps")).contains("l:x");
    try (MeshView view = MeshView.open(nodes.file("vps"))) {
      assertThat(view.roster().admits(taken.header().maker().node())).isFalse();
    }
  }

  @Test
  void aDatabaseThatGoesOnBeingAnOldCopyIsTriedAFewTimesOnly() {
    pair();
    export("vps", "b");
    try (ReplicaRecipient replica =
        ReplicaRecipient.open(nodes.file("laptop"), nodes.ambient("laptop"))) {
      Forgetful forgetful = new Forgetful(replica);
      refused(ErrorCode.FAILURE, () -> BundleImport.take(bundle("b"), forgetful, batches -> {}));
      assertThat(forgetful.asked).isEqualTo(4);
    }
  }

  /** Finds in every batch that it has lost its past. */
  private static final class Forgetful extends Dying {
    private static final Dot LOST =
        new Dot(new SiteId(SigningKey.ofSeed(Bytes.wrap(new byte[32])).verifyKey(), 1), 1);

    private int asked;

    Forgetful(ReplicaRecipient replica) {
      super(replica);
    }

    @Override
    public List<Ingested> ingest(List<Bytes> envelopes) {
      asked++;
      return List.of(new Ingested.OwnPast(LOST));
    }
  }
}
