package sh.fazt.mesh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.BundleReader;
import sh.fazt.mesh.delta.BundleRecord;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.roster.SignedOp;
import sh.fazt.mesh.store.FileFaults;
import sh.fazt.mesh.wire.BadSignatureException;
import sh.fazt.mesh.wire.BatchSeal;

/**
 * Looks over a whole bundle before anything of it is taken in: is it all there, is it of this mesh,
 * has everybody signed what bears their name. Confined.
 */
final class BundleCheck {
  private final Path file;
  private final MeshId mesh;
  private Optional<String> refusal = Optional.empty();

  BundleCheck(Path file, MeshId mesh) {
    this.file = file;
    this.mesh = mesh;
  }

  /**
   * @throws MeshException NOT_A_BUNDLE, VERSION_MISMATCH, OTHER_MESH, BUNDLE_DAMAGED,
   *     BUNDLE_REFUSED
   */
  void run() {
    try (InputStream in = BundleImport.open(file)) {
      BundleReader reader = new BundleReader(in);
      Optional<MeshId> stated = Optional.empty();
      BundleRecord record = reader.next();
      while (!(record instanceof BundleRecord.End)) {
        if (record instanceof BundleRecord.Header header) {
          stated = Optional.of(header.header().mesh());
        } else {
          look(record);
        }
        record = reader.next();
      }
      if (!stated.equals(Optional.of(mesh))) {
        throw new MeshException(
            ErrorCode.OTHER_MESH,
            file + " is of another mesh than this database; nothing was taken in",
            "Name a database of that mesh with --db FILE");
      }
    } catch (BundleReader.NoBundleException e) {
      throw notABundle(e);
    } catch (MalformedException e) {
      throw damaged(file, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw FileFaults.translate("cannot read " + file, file, e);
    }
    if (refusal.isPresent()) {
      throw refused(file, refusal.get());
    }
  }

  /** What is wrong is told once the file is known to be whole: a damaged one is no forgery. */
  private void look(BundleRecord record) {
    try {
      MeshId signed =
          record instanceof BundleRecord.Envelope envelope
              ? BatchSeal.verify(envelope.envelope()).batch().header().mesh()
              : operation(((BundleRecord.Operation) record).encoded());
      if (!signed.equals(mesh)) {
        refuse("it holds something of mesh " + signed);
      }
    } catch (MalformedException | BadSignatureException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private static MeshId operation(Bytes encoded) throws MalformedException {
    return SignedOp.decode(encoded).mesh();
  }

  private void refuse(String why) {
    refusal = refusal.or(() -> Optional.of(why));
  }

  private MeshException notABundle(BundleReader.NoBundleException e) {
    return e.isOtherVersion()
        ? new MeshException(
            ErrorCode.VERSION_MISMATCH,
            file + " was made by another version of fazt",
            "Install the same version on both machines",
            e)
        : new MeshException(
            ErrorCode.NOT_A_BUNDLE,
            file + " is no bundle of fazt mesh: it " + e.getMessage() + "; nothing was taken in",
            "on the other machine: fazt mesh export FILE",
            e);
  }

  static MeshException damaged(Path file, String why, @Nullable Throwable cause) {
    return new MeshException(
        ErrorCode.BUNDLE_DAMAGED,
        file + " is damaged, or a part of a file: " + why + "; nothing was taken in",
        "Copy it again, or make it anew with fazt mesh export",
        cause);
  }

  static MeshException refused(Path file, String why) {
    return new MeshException(
        ErrorCode.BUNDLE_REFUSED,
        file + " holds what nobody honest has made: " + why,
        "Take a bundle from a machine that you trust");
  }
}
