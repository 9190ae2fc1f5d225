package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.BundleHeader;
import sh.fazt.mesh.delta.BundleReader;
import sh.fazt.mesh.delta.BundleRecord;
import sh.fazt.mesh.delta.BundleWriter;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SiteId;

/** Nodes that meet through files alone. */
class BundleTest {
  private static final String TABLE = "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)";

  @TempDir Path folder;
  private TestNodes nodes;

  @BeforeEach
  void setUp() {
    nodes = new TestNodes(folder, 1);
  }

  @AfterEach
  void tearDown() {
    nodes.close();
  }

  /** Two members that have met once, closed; only their applications work. */
  private void pair() {
    nodes.database("vps", TABLE, "INSERT INTO t VALUES ('a', 'of the vps')");
    nodes.found("vps");
    nodes.join("laptop", "vps");
    nodes.closeMesh("vps");
    nodes.closeMesh("laptop");
  }

  private Path bundle(String name) {
    return folder.resolve(name + ".bundle");
  }

  private BundleExport.Written export(String node, BundleExport export) {
    try (ReplicaRecipient replica = ReplicaRecipient.open(nodes.file(node), nodes.ambient(node))) {
      return export.write(replica.summary());
    }
  }

  private BundleExport.Written export(String node, String name) {
    return export(node, BundleExport.of(nodes.file(node), bundle(name)));
  }

  private BundleExport.Written export(String node, String name, String peer) {
    return export(node, BundleExport.of(nodes.file(node), bundle(name)).forPeer(peer));
  }

  private BundleImport.Taken take(String node, Path bundle) {
    try (ReplicaRecipient replica = ReplicaRecipient.open(nodes.file(node), nodes.ambient(node))) {
      BundleImport.Taken taken = BundleImport.take(bundle, replica, batches -> {});
      replica.settle();
      return taken;
    }
  }

  private BundleImport.Taken take(String node, String name) {
    return take(node, bundle(name));
  }

  private void write(String node, String id, String value) {
    nodes.nowMillis += 1_000;
    nodes.app(node).run("INSERT INTO t VALUES ('" + id + "', '" + value + "')");
    // A batch of its own.
    nodes.open(node).harvest();
    nodes.closeMesh(node);
  }

  private List<String> rows(String node) {
    return nodes.app(node).column("SELECT id || ':' || v FROM t ORDER BY id");
  }

  private Summary summary(String node) {
    Summary summary = nodes.open(node).summary();
    nodes.closeMesh(node);
    return summary;
  }

  private static void refused(ErrorCode code, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

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
  private static final class Dying implements BundleImport.Recipient {
    private final ReplicaRecipient replica;
    private boolean once;

    Dying(ReplicaRecipient replica) {
      this.replica = replica;
    }

    @Override
    public MeshId mesh() {
      return replica.mesh();
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
  void aByteChangedAnywhereIsNoticedBeforeAnythingIsTakenIn() throws IOException {
    pair();
    write("vps", "b", "x");
    export("vps", "b");
    Summary before = summary("laptop");
    byte[] whole = Files.readAllBytes(bundle("b"));
    Path damaged = folder.resolve("damaged");
    try (ReplicaRecipient replica =
        ReplicaRecipient.open(nodes.file("laptop"), nodes.ambient("laptop"))) {
      for (int at = 0; at < whole.length; at++) {
        byte[] bytes = whole.clone();
        bytes[at] ^= (byte) (1 << (at % 8));
        Files.write(damaged, bytes);
        int place = at;
        assertThatThrownBy(() -> BundleImport.take(damaged, replica, n -> {}))
            .as("byte " + at)
            .isInstanceOfSatisfying(
                MeshException.class,
                e ->
                    assertThat(e.code())
                        .isEqualTo(
                            place < 4
                                ? ErrorCode.NOT_A_BUNDLE
                                : place < 6
                                    ? ErrorCode.VERSION_MISMATCH
                                    : ErrorCode.BUNDLE_DAMAGED));
      }
    }
    assertThat(summary("laptop")).isEqualTo(before);
  }

  @Test
  void aTornCopyIsNoticedWhereverItEnds() throws IOException {
    pair();
    export("vps", "b");
    Summary before = summary("laptop");
    byte[] whole = Files.readAllBytes(bundle("b"));
    Path torn = folder.resolve("torn");
    try (ReplicaRecipient replica =
        ReplicaRecipient.open(nodes.file("laptop"), nodes.ambient("laptop"))) {
      for (int size = 0; size < whole.length; size++) {
        Files.write(torn, Arrays.copyOf(whole, size));
        ErrorCode code = size < 6 ? ErrorCode.NOT_A_BUNDLE : ErrorCode.BUNDLE_DAMAGED;
        refused(code, () -> BundleImport.take(torn, replica, n -> {}));
      }
      Files.write(torn, Arrays.copyOf(whole, whole.length + 1));
      refused(ErrorCode.BUNDLE_DAMAGED, () -> BundleImport.take(torn, replica, n -> {}));
    }
    assertThat(summary("laptop")).isEqualTo(before);
  }

  /** The records of a bundle, one of which another puts in the place of. */
  private void forge(Path from, Path to, int envelope, Bytes instead) throws Exception {
    try (var in = Files.newInputStream(from);
        OutputStream out = Files.newOutputStream(to)) {
      BundleReader reader = new BundleReader(in);
      BundleHeader header = ((BundleRecord.Header) reader.next()).header();
      BundleWriter writer = new BundleWriter(out, header);
      int count = 0;
      BundleRecord next = reader.next();
      while (!(next instanceof BundleRecord.End)) {
        if (next instanceof BundleRecord.Operation operation) {
          writer.operation(operation.encoded());
        } else {
          Bytes real = ((BundleRecord.Envelope) next).envelope();
          writer.envelope(count++ == envelope ? instead : real);
        }
        next = reader.next();
      }
      writer.end();
    }
  }

  @Test
  void aForgeryWhoseCheckSumIsRightIsRefusedBeforeAnythingIsTakenIn() throws Exception {
    pair();
    for (int i = 0; i < 3; i++) {
      write("vps", "v" + i, "x");
    }
    export("vps", "real");
    Summary before = summary("laptop");
    Path forged = folder.resolve("forged");
    forge(bundle("real"), forged, 2, Bytes.wrap(new byte[100]));
    refused(ErrorCode.BUNDLE_REFUSED, () -> take("laptop", forged));
    assertThat(summary("laptop")).isEqualTo(before);
    assertThat(rows("laptop")).isEmpty();
  }

  @Test
  void anotherMeshsBundleIsRefusedAlsoWhereItClaimsToBeOurs() throws Exception {
    pair();
    nodes.database("other", TABLE, "INSERT INTO t VALUES ('x', 'x')");
    nodes.found("other");
    nodes.closeMesh("other");
    export("other", "foreign");
    refused(ErrorCode.OTHER_MESH, () -> take("laptop", "foreign"));
    export("vps", "real");
    Path mixed = folder.resolve("mixed");
    forge(bundle("real"), mixed, 0, envelopes("foreign").get(0));
    refused(ErrorCode.BUNDLE_REFUSED, () -> take("laptop", mixed));
    assertThat(rows("laptop")).isEmpty();
  }

  private List<Bytes> envelopes(String name) throws Exception {
    List<Bytes> envelopes = new ArrayList<>();
    try (var in = Files.newInputStream(bundle(name))) {
      BundleReader reader = new BundleReader(in);
      BundleRecord next = reader.next();
      while (!(next instanceof BundleRecord.End)) {
        if (next instanceof BundleRecord.Envelope envelope) {
          envelopes.add(envelope.envelope());
        }
        next = reader.next();
      }
    }
    return envelopes;
  }

  @Test
  void whatStatesMoreThanTheLimitsTakesNoMemory() throws IOException {
    pair();
    export("vps", "b");
    byte[] whole = Files.readAllBytes(bundle("b"));
    for (int kind = 1; kind <= 4; kind++) {
      byte[] bytes = Arrays.copyOf(whole, whole.length);
      bytes[6] = (byte) kind;
      Arrays.fill(bytes, 7, 11, (byte) 0xff);
      Path large = folder.resolve("large");
      Files.write(large, bytes);
      refused(ErrorCode.BUNDLE_DAMAGED, () -> take("laptop", large));
    }
  }

  @Test
  void aFileThatIsThereIsReplacedOnlyWhereThatIsSaid() throws IOException {
    pair();
    Files.writeString(bundle("b"), "mine");
    refused(ErrorCode.FILE_EXISTS, () -> export("vps", "b"));
    assertThat(bundle("b")).hasContent("mine");
    export("vps", BundleExport.of(nodes.file("vps"), bundle("b")).replacing());
    assertThat(take("laptop", "b").delivered()).isPositive();
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
}
