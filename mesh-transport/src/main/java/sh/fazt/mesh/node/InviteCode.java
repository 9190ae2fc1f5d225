package sh.fazt.mesh.node;

import java.util.List;
import sh.fazt.mesh.roster.InviteId;

/**
 * An invitation to hand over.
 *
 * @param token the secret; whoever has it may join once
 * @param urls where this node is reached, as far as it can tell, the most likely first
 * @param expiresMillis Unix milliseconds
 */
public record InviteCode(InviteId id, String token, List<String> urls, long expiresMillis) {
  public InviteCode {
    urls = List.copyOf(urls);
  }

  @Override
  public String toString() {
    return "invite " + id;
  }
}
