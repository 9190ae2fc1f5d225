package sh.fazt.mesh.gossip;

import sh.fazt.mesh.identity.VerifyKey;

/** A time to come back; equal timers are one. */
public sealed interface Timer {
  /** Compare with peers. */
  record AntiEntropy() implements Timer {}

  /** Change a neighbour for another, and look again for those that are missing. */
  record Stroll() implements Timer {}

  /** Tell peers of the heads that moved. */
  record Announce() implements Timer {}

  /** Look for requests that came to nothing, and for what may be asked now. */
  record Pull() implements Timer {}

  /** Ping this peer, or give it up. */
  record Keepalive(VerifyKey peer) implements Timer {}

  /** Give up what is missing of that sender's broadcasts. */
  record Gap(VerifyKey sender) implements Timer {}

  /** Send on in answer to a want. */
  record Stream(VerifyKey peer, long want) implements Timer {}
}
