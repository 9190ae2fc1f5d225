package sh.fazt.mesh.lawbreaker.clock;

final class ReadsWallClock {
  private ReadsWallClock() {}

  static long millis() {
    return System.currentTimeMillis();
  }
}
