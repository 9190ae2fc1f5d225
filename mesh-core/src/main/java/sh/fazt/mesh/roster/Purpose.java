package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.MalformedException;

/** What a joiner proves its invitation for. */
public enum Purpose {
  /** To see what a join would change; the invitation stays unspent. */
  PREVIEW(1),
  /** To become a member; spends the invitation. */
  JOIN(2);

  private final int code;

  Purpose(int code) {
    this.code = code;
  }

  /** The number that stands for this on the wire. */
  int code() {
    return code;
  }

  static Purpose ofCode(int code) throws MalformedException {
    return switch (code) {
      case 1 -> PREVIEW;
      case 2 -> JOIN;
      default -> throw new MalformedException("no such purpose: " + code);
    };
  }
}
