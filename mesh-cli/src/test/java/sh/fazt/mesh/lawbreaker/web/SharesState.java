package sh.fazt.mesh.lawbreaker.web;

final class SharesState {
  volatile boolean seen;

  synchronized void see() {
    seen = true;
  }
}
