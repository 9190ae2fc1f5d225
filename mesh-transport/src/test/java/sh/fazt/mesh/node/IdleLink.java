package sh.fazt.mesh.node;

import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.VerifyKey;

/** A link on which nothing ever happens. */
class IdleLink implements MeshLink {
  private final VerifyKey peer;

  IdleLink(VerifyKey peer) {
    this.peer = peer;
  }

  @Override
  public void send(Bytes frame) {}

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  public void read(boolean on) {}

  @Override
  public VerifyKey peer() {
    return peer;
  }

  @Override
  public String path() {
    return "direct";
  }

  @Override
  public String address() {
    return "-";
  }

  @Override
  public void close() {}

  @Override
  public boolean isParted() {
    return false;
  }
}
