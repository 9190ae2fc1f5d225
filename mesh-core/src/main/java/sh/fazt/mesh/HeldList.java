package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.HeldTable;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableBook;

/** The mass deletes that wait, those made here first. Confined. */
final class HeldList {
  private final Database database;
  private final SiteBook sites;

  HeldList(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
  }

  List<HeldDeletes> all(String ownName, Roster roster) {
    List<HeldDeletes> all = new ArrayList<>();
    HeldTable held = new HeldTable(database);
    for (TrackedTable table : new TableBook(database, new SchemaReader(database)).known()) {
      long rows = held.count(table);
      if (rows > 0) {
        all.add(new HeldDeletes(table.name(), ownName, true, rows, held.sinceMillis(table)));
      }
    }
    for (ParkedTable.Held each : new ParkedTable(database).held()) {
      String author = name(roster, sites.site(each.site()).node());
      all.add(new HeldDeletes(each.table(), author, false, each.changes(), each.sinceMillis()));
    }
    return all;
  }

  private static String name(Roster roster, VerifyKey node) {
    return roster.member(node).map(Member::name).orElseGet(() -> NodeId.of(node).text());
  }
}
