package sh.fazt.mesh.lawbreaker.apply;

final class SharesState {
  volatile boolean seen;

  synchronized void see() {
    seen = true;
  }
}
