package sh.fazt.mesh.lawbreaker.lan;

final class SharesState {
  volatile boolean seen;

  synchronized void see() {
    seen = true;
  }
}
