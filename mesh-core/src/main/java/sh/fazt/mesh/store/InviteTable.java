package sh.fazt.mesh.store;

import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.InviteBook;
import sh.fazt.mesh.roster.InviteId;
import sh.fazt.mesh.roster.RosterLimits;
import sh.fazt.mesh.schema.Value;

/** The invitations that this node may redeem; of each the id and its fate, never the secret. */
public final class InviteTable implements InviteBook {
  private static final String USABLE =
      "id = ? AND revoked = 0 AND bad_proofs < " + RosterLimits.BAD_PROOFS_MAX;

  private final Database database;

  public InviteTable(Database database) {
    this.database = database;
  }

  /** Makes an invitation redeemable here until {@code expiresAtMillis}, Unix milliseconds. */
  public void open(InviteId invite, long expiresAtMillis) {
    database.execute(
        "INSERT INTO _mesh_invite (id, expires) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
        Value.of(invite.value()),
        Value.of(expiresAtMillis));
  }

  public void revoke(InviteId invite) {
    database.execute("UPDATE _mesh_invite SET revoked = 1 WHERE id = ?", Value.of(invite.value()));
  }

  @Override
  public Standing standing(InviteId invite, VerifyKey joiner, long nowMillis) {
    String sql = "SELECT expires, spent_by FROM _mesh_invite WHERE " + USABLE;
    try (Rows rows = database.query(sql, Value.of(invite.value()))) {
      if (!rows.next()) {
        return Standing.CLOSED;
      }
      Bytes spentBy = rows.blob(1);
      if (!spentBy.isEmpty()) {
        return spentBy.equals(joiner.value()) ? Standing.REPEATED : Standing.CLOSED;
      }
      return rows.integer(0) > nowMillis ? Standing.OPEN : Standing.EXPIRED;
    }
  }

  @Override
  public Standing spend(InviteId invite, VerifyKey joiner, long nowMillis) {
    int spent =
        database.execute(
            "UPDATE _mesh_invite SET spent_by = ? WHERE spent_by IS NULL AND expires > ? AND "
                + USABLE,
            Value.of(joiner.value()),
            Value.of(nowMillis),
            Value.of(invite.value()));
    return spent == 1 ? Standing.OPEN : standing(invite, joiner, nowMillis);
  }

  @Override
  public void badProof(InviteId invite) {
    database.execute(
        "UPDATE _mesh_invite SET bad_proofs = bad_proofs + 1 WHERE id = ?",
        Value.of(invite.value()));
  }
}
