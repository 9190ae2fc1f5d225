package sh.fazt.mesh.fault;

/** A stable name for each thing that can go wrong, with the exit status it ends a command with. */
public enum ErrorCode {
  USAGE(2),
  NO_DATABASE(1),
  NOT_A_DATABASE(1),
  NOT_INITIALIZED(1),
  ALREADY_INITIALIZED(1),
  ALREADY_OPEN(1),
  KEYS_MISSING(1),
  DAEMON_NOT_RUNNING(3),
  TOKEN_MALFORMED(2),
  TOKEN_UNKNOWN(4),
  TOKEN_EXPIRED(4),
  PEER_KEY_MISMATCH(4),
  NOT_A_MEMBER(4),
  NAME_TAKEN(2),
  REMOVED(4),
  RUNS_TWICE(4),
  IDENTITY_LOCKED(4),
  PHRASE_MALFORMED(2),
  PHRASE_UNKNOWN(4),
  PORT_IN_USE(1),
  BEACON_OFF(1),
  PEER_UNREACHABLE(5),
  PEER_UNKNOWN(2),
  TIMEOUT(5),
  CLOCK_SKEW(7),
  SCHEMA_MISMATCH(7),
  VERSION_MISMATCH(7),
  TABLE_UNKNOWN(2),
  TABLE_WITHOUT_KEY(2),
  TABLE_PRIVATE(2),
  TABLE_UNSUPPORTED(2),
  ROW_UNKNOWN(2),
  COLUMN_UNKNOWN(2),
  CONFLICT_UNKNOWN(2),
  ROW_GONE(1),
  COLUMN_GONE(1),
  VALUE_REFUSED(1),
  JSON_MALFORMED(2),
  TOO_LARGE(2),
  TOO_MANY(1),
  FILE_EXISTS(2),
  NOT_A_BUNDLE(2),
  BUNDLE_DAMAGED(1),
  BUNDLE_REFUSED(4),
  OTHER_MESH(4),
  DATABASE_BUSY(1),
  DATABASE_CORRUPT(1),
  STATES_DIFFER(1),
  DISK_FULL(1),
  FAILURE(1);

  private final int exitStatus;

  ErrorCode(int exitStatus) {
    this.exitStatus = exitStatus;
  }

  /** 1 failure, 2 usage, 3 no daemon, 4 trust, 5 unreachable, 7 incompatible. */
  public int exitStatus() {
    return exitStatus;
  }
}
