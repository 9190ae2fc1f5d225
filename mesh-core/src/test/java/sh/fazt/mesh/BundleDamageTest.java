package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.delta.BundleHeader;
import sh.fazt.mesh.delta.BundleReader;
import sh.fazt.mesh.delta.BundleRecord;
import sh.fazt.mesh.delta.BundleWriter;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** Files that are not what they should be. */
class BundleDamageTest extends BundlesOfReplicas {
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
}
