package sh.fazt.mesh.projection;

import sh.fazt.mesh.crdt.RowState;

/**
 * What the mesh knows of a row: what is merged, and what is shown, which may differ.
 *
 * @param unsent whether the row holds genesis values of this site that no batch carries yet
 */
public record ShadowRow(RowState merged, Shown shown, boolean unsent) {
  /** A row the mesh has never met. */
  public static final ShadowRow NONE = new ShadowRow(RowState.NONE, Shown.ABSENT, false);
}
