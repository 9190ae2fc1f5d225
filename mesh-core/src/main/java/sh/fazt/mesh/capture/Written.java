package sh.fazt.mesh.capture;

import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.store.TableAccess;

/** What becomes of a row's shadow when a draft is kept. */
record Written(TableAccess access, RowKey key, ShadowRow shadow) {}
