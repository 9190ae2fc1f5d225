package sh.fazt.mesh.output;

/** A sign in front of a line. It never stands alone: the words behind it say the same. */
public enum Glyph {
  DONE("✓", "[ok]", "32"),
  INFO("ℹ", "[i]", "36"),
  WARNING("⚠", "[!]", "33"),
  FAILED("✗", "[x]", "31"),
  ON("●", "(*)", "32"),
  HALF("◐", "(~)", "33"),
  OFF("○", "( )", "33"),
  SKIPPED("–", "-", "2");

  private final String sign;
  private final String plain;
  private final String colour;

  Glyph(String sign, String plain, String colour) {
    this.sign = sign;
    this.plain = plain;
    this.colour = colour;
  }

  String on(Terminal terminal, boolean coloured) {
    String shown = terminal.unicode() ? sign : plain;
    return coloured ? Paint.apply(colour, shown) : shown;
  }
}
