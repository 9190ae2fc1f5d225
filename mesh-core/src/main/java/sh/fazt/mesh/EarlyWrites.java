package sh.fazt.mesh;

/**
 * Changes made here that say they were written later than now, since this machine's clock was ahead
 * when they were. Other nodes show them when that time has come, and likewise whatever is written
 * here until then.
 *
 * @param changes how many
 * @param untilMillis when the last of them shows elsewhere, Unix milliseconds
 */
public record EarlyWrites(long changes, long untilMillis) {
  public static final EarlyWrites NONE = new EarlyWrites(0, 0);
}
