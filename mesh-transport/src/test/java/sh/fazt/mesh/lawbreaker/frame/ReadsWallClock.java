package sh.fazt.mesh.lawbreaker.frame;

final class ReadsWallClock {
  private ReadsWallClock() {}

  static long millis() {
    return System.currentTimeMillis();
  }
}
