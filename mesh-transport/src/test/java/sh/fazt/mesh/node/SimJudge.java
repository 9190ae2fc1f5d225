package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import sh.fazt.mesh.Waiting;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Authors;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;

/**
 * Says whether a simulated world keeps its promises: of a reader's look at any moment, and of the
 * end, when all faults are over.
 */
final class SimJudge {
  private static final List<String> TABLES =
      List.of("own", "shared", "numbered", "named", "whole", "twin", "tale");

  private final SimLedger ledger;

  SimJudge(SimLedger ledger) {
    this.ledger = ledger;
  }

  /** A broken promise. */
  static final class Broken extends AssertionError {
    private static final long serialVersionUID = 1L;

    Broken(String what) {
      super(what);
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new Broken(what);
    }
  }

  /** What a reader finds on a node just now, in one look. */
  void look(SimNode node) {
    node.app.read(
        () -> {
          String where = "node " + node.index + ": ";
          transactionsAreWhole(where, node.app);
          Set<String> apart = new HashSet<>(ledger.parted);
          apart.addAll(ledger.doubted);
          causesComeFirst(where, node.app, apart);
          for (String table : SimApp.ANYBODYS) {
            List<String> born = node.app.column("SELECT born FROM " + table);
            born.retainAll(ledger.buriedAt(node.index));
            require(born.isEmpty(), where + "deleted here, and back in " + table + ": " + born);
          }
        });
  }

  private static void transactionsAreWhole(String where, SimApp app) {
    Map<String, List<String>> tags = new TreeMap<>();
    String sql = "SELECT grp || ' ' || tag FROM whole UNION ALL SELECT grp || ' ' || tag FROM twin";
    for (String row : app.column(sql)) {
      String[] part = row.split(" ", -1);
      tags.computeIfAbsent(part[0], group -> new ArrayList<>()).add(part[1]);
    }
    tags.forEach(
        (group, all) ->
            require(
                all.size() == 4 && new HashSet<>(all).size() == 1,
                where + "a part of a transaction: group " + group + " holds " + all));
  }

  /**
   * @param parted nodes whose past is told in two ways, or to an end that is not known everywhere:
   *     while it is on its way, what has seen it may come before it; what was lost with a file
   *     never comes
   */
  private void causesComeFirst(String where, SimApp app, Set<String> parted) {
    List<String> lost =
        app.column(
            "SELECT id || ' after ' || after FROM tale WHERE after <> ''"
                + " AND after NOT IN (SELECT id FROM tale)");
    lost.removeIf(row -> parted.contains(author(row.split(" ", -1)[2])));
    lost.removeIf(row -> ledger.lost.contains(row.split(" ", -1)[2]));
    require(lost.isEmpty(), where + "an effect without its cause: " + lost);
    List<String> gaps =
        app.column(
            "SELECT min(id) FROM tale GROUP BY substr(id, 1, instr(id, ':'))"
                + " HAVING count(*) <> max(CAST(substr(id, instr(id, ':') + 1) AS INTEGER))");
    gaps.removeIf(row -> parted.contains(author(row)));
    gaps.removeIf(row -> ledger.lost.stream().anyMatch(gone -> begin(gone).equals(begin(row))));
    require(gaps.isEmpty(), where + "a later row of an author without an earlier one: " + gaps);
  }

  private static String author(String key) {
    return begin(key).replaceFirst("e.*", "");
  }

  private static String begin(String key) {
    return key.substring(0, key.indexOf(':'));
  }

  /** A table of a node, exactly: the class and the bytes of every value. */
  static List<String> exact(SimApp app, String table) {
    List<String> columns =
        app.column("SELECT name FROM pragma_table_info('" + table + "')").stream()
            .map(name -> "typeof(%1$s) || ':' || quote(CAST(%1$s AS BLOB))".formatted(name))
            .toList();
    return app.column(
        "SELECT %s AS row FROM %s ORDER BY row"
            .formatted(String.join(" || ' ' || ", columns), table));
  }

  /** All tables of a node, exactly. */
  List<List<String>> tables(SimNode node) {
    return TABLES.stream().map(table -> exact(node.app, table)).toList();
  }

  /** A node that has left holds what it held, and nothing of the mesh. */
  void left(SimNode node, List<List<String>> before) {
    List<String> rest = node.app.column("SELECT name FROM sqlite_schema WHERE name LIKE '%mesh%'");
    require(rest.isEmpty(), "node " + node.index + " has left, and still has " + rest);
    require(tables(node).equals(before), "node " + node.index + " has left without all its rows");
  }

  /** It has met nothing that no node survives. */
  void runs(SimNode node) {
    unfit(node)
        .ifPresent(
            why -> {
              throw new Broken(why);
            });
  }

  private static Optional<String> unfit(SimNode node) {
    return node.isUp() && node.faults.isEmpty()
        ? Optional.empty()
        : Optional.of("node " + node.index + " does not run: " + node.faults);
  }

  /** Why the nodes are not equal, if they are not. */
  Optional<String> difference(List<SimNode> nodes) {
    return notLevel(nodes).or(() -> differing(nodes));
  }

  private static Optional<String> differing(List<SimNode> nodes) {
    List<SimNode> alike = nodes.stream().filter(node -> holdsTheSame(node, nodes.get(0))).toList();
    return TABLES.stream().flatMap(table -> differing(table, alike).stream()).findFirst();
  }

  /** Whether all hold the same batches, and some show later what others show already. */
  boolean lackTimeAlone(List<SimNode> nodes) {
    return notLevel(nodes).isEmpty()
        && nodes.stream()
            .flatMap(node -> node.mesh().view().waiting().stream())
            .anyMatch(waiting -> waiting.reason() == Waiting.Reason.EARLY);
  }

  private static Optional<String> notLevel(List<SimNode> nodes) {
    SimNode first = nodes.get(0);
    for (SimNode node : nodes) {
      Optional<String> unfit = unfit(node);
      if (unfit.isPresent()) {
        return unfit;
      } else if (!holdsTheSame(node, first) && (node.isSteady() || !holds(node, first))) {
        return Optional.of(
            "the summaries of nodes 0 and %d differ:\n%s\n%s"
                .formatted(node.index, first.mesh().summary(), node.mesh().summary()));
      }
    }
    return Optional.empty();
  }

  private static boolean holdsTheSame(SimNode node, SimNode other) {
    return node.mesh().summary().equals(other.mesh().summary());
  }

  /**
   * Whether a node that may write no more holds all that another holds, and no more but of those
   * who may write no more either. What it had signed until it heard of that, or had of another of
   * these, and no full member had, stays on it, and shows there alone.
   */
  private static boolean holds(SimNode node, SimNode other) {
    Summary here = node.mesh().summary();
    Summary there = other.mesh().summary();
    Authors authors = other.mesh().membership().roster().authors();
    VerifyKey key = node.mesh().nodeKey().verifyKey();
    Set<SiteId> sites = new HashSet<>(here.heads().keySet());
    sites.addAll(there.heads().keySet());
    return sites.stream()
        .filter(site -> !site.node().equals(key))
        .allMatch(
            site ->
                authors.isRetired(site.node())
                    ? here.seq(site) >= there.seq(site)
                    : Objects.equals(here.heads().get(site), there.heads().get(site)));
  }

  private static Optional<String> differing(String table, List<SimNode> nodes) {
    List<String> first = exact(nodes.get(0).app, table);
    for (SimNode node : nodes) {
      List<String> there = node.isSteady() ? first : withoutBranches(first);
      List<String> rows = exact(node.app, table);
      List<String> here = node.isSteady() ? rows : withoutBranches(rows);
      if (!here.equals(there)) {
        return Optional.of(
            "%s differs between nodes 0 and %d:\n%s\n%s"
                .formatted(table, node.index, without(there, here), without(here, there)));
      }
    }
    return Optional.empty();
  }

  /** A branch of the liar that none but a node that may not write was given stays on it. */
  private static List<String> withoutBranches(List<String> rows) {
    String liars = "text:X'" + Bytes.utf8(SimForger.SECOND).hex().toUpperCase(Locale.ROOT);
    return rows.stream().filter(row -> !row.startsWith(liars)).toList();
  }

  private static List<String> without(List<String> all, List<String> some) {
    List<String> rest = new ArrayList<>(all);
    rest.removeAll(some);
    return rest;
  }

  /** The end: all nodes are equal, and hold what they should. */
  void end(List<SimNode> nodes) {
    for (SimNode node : nodes) {
      look(node);
      causesComeFirst("node " + node.index + " at the end: ", node.app, ledger.doubted);
    }
    difference(nodes)
        .ifPresent(
            why -> {
              throw new Broken(why);
            });
    nodes.forEach(this::nobodyIsAccused);
    SimApp app = nodes.get(0).app;
    ownStands(app);
    nothingIsInvented(app);
    Set<String> buried = ledger.buried();
    for (String table : SimApp.ANYBODYS) {
      List<String> born = app.column("SELECT born FROM " + table);
      born.retainAll(buried);
      require(born.isEmpty(), "deleted, and back in " + table + ": " + born);
    }
    Set<String> lost = new HashSet<>(ledger.told);
    app.column("SELECT id FROM tale").forEach(lost::remove);
    require(lost.isEmpty(), "rows of tale are lost: " + lost);
  }

  /** That a site signed twice is said of none whose node was not put back and does not lie. */
  private void nobodyIsAccused(SimNode node) {
    Roster roster = node.mesh().membership().roster();
    for (SiteId forked : node.mesh().summary().forks().keySet()) {
      String name = roster.member(forked.node()).map(Member::name).orElse("n?");
      require(
          ledger.parted.contains(name),
          "node " + node.index + " holds that " + name + " has signed twice");
    }
  }

  private void ownStands(SimApp app) {
    Map<String, String> there = new HashMap<>();
    app.column("SELECT id || ' ' || v FROM own")
        .forEach(row -> there.put(row.split(" ", -1)[0], row.split(" ", -1)[1]));
    ledger.own.forEach(
        (key, value) -> {
          Optional<String> found = Optional.ofNullable(there.remove(key));
          require(
              found.equals(value) || ledger.doubtful.contains(key),
              "own " + key + " holds " + found + " in place of " + value);
        });
    require(there.isEmpty(), "own has rows that nobody wrote: " + there);
  }

  private void nothingIsInvented(SimApp app) {
    for (String table : SimApp.ANYBODYS) {
      List<String> columns =
          table.equals("shared") ? List.of("born", "a", "b", "c") : List.of("born", "a");
      for (String column : columns) {
        String sql =
            "SELECT id || '/' || '%1$s=' || typeof(%1$s) || ':' || CAST(%1$s AS TEXT) FROM %2$s"
                + " WHERE %1$s IS NOT NULL";
        for (String cell : app.column(sql.formatted(column, table))) {
          require(ledger.isWritten(table + "/" + cell), "nobody wrote " + table + "/" + cell);
        }
      }
    }
  }
}
