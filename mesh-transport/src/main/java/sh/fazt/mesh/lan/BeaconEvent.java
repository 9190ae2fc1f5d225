package sh.fazt.mesh.lan;

import sh.fazt.mesh.identity.VerifyKey;

/** What a {@link BeaconCache} has found out. */
sealed interface BeaconEvent {
  /** A member is on the network that was not known to be. */
  record Found(Neighbour neighbour) implements BeaconEvent {}

  /**
   * A member that was found has spoken again.
   *
   * @param changed whether its name or one of its addresses is another
   */
  record Refreshed(Neighbour neighbour, boolean changed) implements BeaconEvent {}

  /** A member has not been heard for {@link BeaconLimits#LOST_MILLIS}, or is one no longer. */
  record Lost(Neighbour neighbour) implements BeaconEvent {}

  /** A member wants to know who is there. */
  record Asked(VerifyKey node) implements BeaconEvent {}
}
