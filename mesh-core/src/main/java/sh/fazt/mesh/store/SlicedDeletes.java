package sh.fazt.mesh.store;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;

/** Which deletes wait in the transactions that are being shown in slices. Confined. */
public final class SlicedDeletes {
  private final Database database;
  private final SiteBook sites;

  public SlicedDeletes(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
  }

  /**
   * Takes note of whose deletes wait, in which tables, in the transaction of a site that is being
   * shown; inside a write transaction.
   *
   * @param tables their numbers, by author
   */
  public void note(SiteId site, Map<SiteId, Set<Integer>> tables) {
    String text =
        tables.entrySet().stream()
            .flatMap(
                each ->
                    each.getValue().stream()
                        .map(table -> sites.number(each.getKey()) + ":" + table))
            .collect(Collectors.joining(" "));
    set(site, Value.of(text));
  }

  /** Drops that, as the transaction is shown to its end; inside a write transaction. */
  public void drop(SiteId site) {
    set(site, Value.NULL);
  }

  private void set(SiteId site, Value held) {
    database.execute(
        "UPDATE _mesh_site SET shown_held = ? WHERE number = ?",
        held,
        Value.of(sites.number(site)));
  }

  /** What {@link #note} has noted, if a transaction of the site is being shown. */
  public Optional<Map<SiteId, Set<Integer>>> find(SiteId site) {
    return database
        .first("SELECT shown_held FROM _mesh_site WHERE number = ?", sites.find(site))
        .filter(value -> !value.equals(Value.NULL))
        .map(value -> tables(((Value.Text) value).utf8().asUtf8()));
  }

  private Map<SiteId, Set<Integer>> tables(String text) {
    Map<SiteId, Set<Integer>> tables = new TreeMap<>();
    for (String each : text.split(" ", -1)) {
      int colon = each.indexOf(':');
      if (colon > 0) {
        tables
            .computeIfAbsent(
                sites.site(Integer.parseInt(each.substring(0, colon))), made -> new TreeSet<>())
            .add(Integer.valueOf(each.substring(colon + 1)));
      }
    }
    return tables;
  }
}
