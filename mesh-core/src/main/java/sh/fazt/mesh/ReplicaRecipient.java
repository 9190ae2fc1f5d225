package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.List;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.MeshId;

/** A replica without a daemon, for as long as bundles are made and taken in. Confined. */
public final class ReplicaRecipient implements BundleImport.Recipient, AutoCloseable {
  private Mesh mesh;

  private ReplicaRecipient(Mesh mesh) {
    this.mesh = mesh;
  }

  /**
   * Opens it for work, and takes in first what was written to it.
   *
   * @throws sh.fazt.mesh.fault.MeshException as {@link Mesh#open}
   */
  public static ReplicaRecipient open(Path database, Ambient ambient) {
    ReplicaRecipient opened = new ReplicaRecipient(Mesh.open(database, ambient));
    try {
      opened.settle();
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public MeshId mesh() {
    return mesh.id();
  }

  @Override
  public boolean meet(List<Bytes> operations) throws MalformedException {
    return mesh.membership().merge(operations);
  }

  @Override
  public List<Ingested> ingest(List<Bytes> envelopes) {
    if (mesh.mustReopen()) {
      mesh.close();
      mesh = mesh.openAgain();
    }
    while (mesh.isBehind()) {
      mesh.harvest();
    }
    return mesh.ingest(envelopes);
  }

  /** What it holds and may give out: what was written here is signed and flushed. */
  @Override
  public Summary summary() {
    return mesh.summary();
  }

  @Override
  public void caughtUp() {
    mesh.caughtUp();
  }

  /** Takes in what was written here, and shows what has come. */
  public void settle() {
    if (!mesh.mustReopen()) {
      do {
        mesh.harvest();
      } while (mesh.hasMore());
    }
  }

  @Override
  public void close() {
    mesh.close();
  }
}
