package sh.fazt.mesh.lan;

/**
 * Hears which members come and go. Law: it is called on the thread of the beacons, and must neither
 * block nor throw.
 */
public interface LanListener {
  /** A member is here that was not known to be. */
  void found(Neighbour neighbour);

  /** A member that is here can be dialled elsewhere, or is called otherwise. */
  void changed(Neighbour neighbour);

  /** A member is here no longer. */
  void lost(Neighbour neighbour);
}
