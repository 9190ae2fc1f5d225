package sh.fazt.mesh.roster;

/** Whether a node that was admitted is still in the mesh. */
public enum Standing {
  /** It is. */
  PRESENT,
  /** It went; it may be admitted again. */
  LEFT,
  /** Others removed it, for good. */
  REMOVED
}
