package sh.fazt.mesh.roster;

import sh.fazt.mesh.identity.VerifyKey;

/**
 * A server's memory of its invitations. Law: it outlives a crash, and of all calls of {@link
 * #spend} for one invitation at most one is answered OPEN.
 */
public interface InviteBook {
  /** How an invitation stands towards one joiner. */
  enum Standing {
    /** It can be spent; from {@link #spend}: it just was, by this joiner. */
    OPEN,
    /** This joiner has spent it before, whatever its time; a lost answer may be given again. */
    REPEATED,
    /** Its time is over. */
    EXPIRED,
    /** Not known here, spent by another, revoked or burnt. */
    CLOSED
  }

  /** Looks, without spending. */
  Standing standing(InviteId invite, VerifyKey joiner, long nowMillis);

  /**
   * Spends {@code invite} for {@code joiner}: one conditional update checks that it is unspent, not
   * expired and not burnt, and records the joiner.
   */
  Standing spend(InviteId invite, VerifyKey joiner, long nowMillis);

  /** Counts a wrong proof; the {@value RosterLimits#BAD_PROOFS_MAX}th burns the invitation. */
  void badProof(InviteId invite);
}
