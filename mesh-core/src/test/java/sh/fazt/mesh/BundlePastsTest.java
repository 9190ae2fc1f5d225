package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.identity.MeshId;

/** A database that was put back several times, and a bundle that tells of all that it has lost. */
class BundlePastsTest extends BundlesOfReplicas {
  private static final int TRIES = 4;

  private void keepLaptop() throws IOException {
    nodes.closeApp("laptop");
    copy("laptop.db", "old.db");
    copy("laptop.db.mesh/high-water", "old.mark");
  }

  private void putLaptopBack() throws IOException {
    for (String ending : List.of("-wal", "-shm")) {
      Files.deleteIfExists(Path.of(nodes.file("laptop") + ending));
    }
    copy("old.db", "laptop.db");
    copy("old.mark", "laptop.db.mesh/high-water");
  }

  private void copy(String from, String to) throws IOException {
    Files.copy(folder.resolve(from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Has the laptop write, tells the vps, and puts the laptop back to what it was at first. */
  private void lose(int place) throws IOException {
    nodes.open("laptop");
    nodes.closeMesh("laptop");
    write("laptop", "lost" + place, "x");
    export("laptop", "lost" + place);
    take("vps", "lost" + place);
    nodes.closeApp("laptop");
    putLaptopBack();
    export("vps", "back" + place);
  }

  private void known() throws IOException {
    pair();
    export("vps", "first");
    take("laptop", "first");
    write("laptop", "kept", "x");
    export("laptop", "kept");
    take("vps", "kept");
    keepLaptop();
  }

  @Test
  void aDatabaseComesPastAllThatItHasLostInOneImport() throws IOException {
    known();
    for (int past = 1; past <= TRIES; past++) {
      lose(past);
      assertThat(take("laptop", "back" + past).missing()).as("past " + past).isEmpty();
    }
    nodes.open("laptop");
    assertThat(nodes.mesh("laptop").site().incarnation()).isEqualTo(TRIES + 1);
    nodes.closeMesh("laptop");
    assertThat(rows("laptop")).hasSize(TRIES + 2).isEqualTo(rows("vps"));
    assertThat(summary("laptop")).isEqualTo(summary("vps"));
  }

  @Test
  void aDatabaseThatIsPutBackTimeAndAgainMeanwhileLosesNothing() throws IOException {
    known();
    lose(1);
    PutBack putBack = new PutBack();
    try {
      refused(ErrorCode.FAILURE, () -> BundleImport.take(bundle("back1"), putBack, batches -> {}));
    } finally {
      putBack.replica.close();
    }
    assertThat(putBack.asked).isEqualTo(TRIES);
    assertThat(take("laptop", "back1").missing()).isEmpty();
    nodes.open("laptop");
    nodes.closeMesh("laptop");
    assertThat(rows("laptop")).contains("kept:x", "lost1:x").isEqualTo(rows("vps"));
  }

  /** A replica under which the database is put back before each page. */
  private final class PutBack implements BundleImport.Recipient {
    private ReplicaRecipient replica = open();
    private int asked;

    private ReplicaRecipient open() {
      return ReplicaRecipient.open(nodes.file("laptop"), nodes.ambient("laptop"));
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
      asked++;
      replica.close();
      try {
        putLaptopBack();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      replica = open();
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
}
