package sh.fazt.mesh.roster;

import java.util.HashMap;
import java.util.Map;
import sh.fazt.mesh.identity.VerifyKey;

/** An invite book in memory, which keeps the law of {@link InviteBook} by being confined. */
final class PaperBook implements InviteBook {
  private final Map<InviteId, Long> expiries = new HashMap<>();
  private final Map<InviteId, VerifyKey> spenders = new HashMap<>();
  private final Map<InviteId, Integer> badProofs = new HashMap<>();

  void write(InviteId invite, long expiresAtMillis) {
    expiries.put(invite, expiresAtMillis);
  }

  boolean spent(InviteId invite) {
    return spenders.containsKey(invite);
  }

  @Override
  public Standing standing(InviteId invite, VerifyKey joiner, long nowMillis) {
    if (spent(invite)) {
      return joiner.equals(spenders.get(invite)) ? Standing.REPEATED : Standing.CLOSED;
    }
    boolean burnt = badProofs.getOrDefault(invite, 0) >= RosterLimits.BAD_PROOFS_MAX;
    if (burnt || !expiries.containsKey(invite)) {
      return Standing.CLOSED;
    }
    return nowMillis < expiries.get(invite) ? Standing.OPEN : Standing.EXPIRED;
  }

  @Override
  public Standing spend(InviteId invite, VerifyKey joiner, long nowMillis) {
    Standing standing = standing(invite, joiner, nowMillis);
    if (standing == Standing.OPEN) {
      spenders.put(invite, joiner);
    }
    return standing;
  }

  @Override
  public void badProof(InviteId invite) {
    badProofs.merge(invite, 1, Integer::sum);
  }
}
