package sh.fazt.mesh.commands;

/** Which fazt mesh this is. */
final class Version {
  static final String NUMBER = "0.1.0";
  static final int PROTOCOL = 1;
  static final String LINE = "fazt mesh " + NUMBER + " (protocol " + PROTOCOL + ")";

  private Version() {}
}
