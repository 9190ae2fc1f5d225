package sh.fazt.mesh.node;

import java.util.List;
import sh.fazt.mesh.roster.InviteId;
import sh.fazt.mesh.roster.InviteToken;

/**
 * An invitation to hand over; it admits one node, once. Immutable.
 *
 * @param token the secret; whoever has it may join
 * @param urls where the inviting node is reached, {@code https://HOST:PORT}, as far as it can tell,
 *     the most likely first
 * @param expiresMillis Unix milliseconds; 0 where only the inviter knows
 */
public record InviteCode(InviteToken token, List<String> urls, long expiresMillis) {
  public InviteCode {
    urls = List.copyOf(urls);
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("an invitation without an address");
    }
  }

  /**
   * An invitation as a person passed it on.
   *
   * @param url {@code https://HOST} or {@code https://HOST:PORT}
   * @param token as typed; small mistakes are forgiven
   * @throws sh.fazt.mesh.fault.MeshException TOKEN_MALFORMED, which names the group with the
   *     mistake
   */
  public static InviteCode of(String url, String token) {
    return new InviteCode(InviteToken.parse(token), List.of(url), 0);
  }

  /** What names it; no secret. */
  public InviteId id() {
    return token.invite();
  }

  @Override
  public String toString() {
    return "invite " + id();
  }
}
