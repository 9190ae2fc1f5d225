package sh.fazt.mesh.output;

/** Colours of a terminal (ECMA-48, Select Graphic Rendition). */
final class Paint {
  static final String BOLD = "1";
  static final String DIM = "2";
  static final String RED = "31";

  private Paint() {}

  static String apply(String code, String text) {
    return "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
