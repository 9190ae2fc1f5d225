package sh.fazt.mesh.roster;

import java.util.Locale;
import sh.fazt.mesh.bytes.MalformedException;

/** What a member may do. */
public enum Role {
  /** Reads, writes, admits others and gives snapshots. */
  FULL(1),
  /** Reads; its writes go to conflicts. */
  READ(2),
  /** Carries batches and never authors any. */
  RELAY(3);

  private final int code;

  Role(int code) {
    this.code = code;
  }

  /** The number that stands for this on the wire. */
  int code() {
    return code;
  }

  static Role ofCode(int code) throws MalformedException {
    for (Role role : values()) {
      if (role.code == code) {
        return role;
      }
    }
    throw new MalformedException("no such role: " + code);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
