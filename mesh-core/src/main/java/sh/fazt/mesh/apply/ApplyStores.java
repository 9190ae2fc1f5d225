package sh.fazt.mesh.apply;

import sh.fazt.mesh.capture.DeleteCounts;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.CellTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.SlicedDeletes;

/** The tables of the mesh's own that applying writes to, and whose node writes. */
record ApplyStores(
    SiteId own,
    SiteBook sites,
    ChangeLog log,
    ParkedTable parked,
    AsideTable aside,
    CellTable cells,
    ConflictTable conflicts,
    BranchBook branches,
    SlicedDeletes slices,
    DeleteCounts counts) {
  /** The same for one write transaction: what is empty is remembered for that long. */
  ApplyStores forTransaction(Database database) {
    return new ApplyStores(
        own,
        sites,
        log,
        parked,
        new AsideTable(database),
        new CellTable(database, sites),
        conflicts,
        branches,
        slices,
        counts);
  }
}
