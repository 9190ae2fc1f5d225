package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
          causesComeFirst(where, node.app, ledger.parted);
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
   * @param parted nodes whose past is told in two ways: while one of these is on its way, what has
   *     seen the other may come before it
   */
  private static void causesComeFirst(String where, SimApp app, Set<String> parted) {
    List<String> lost =
        app.column(
            "SELECT id || ' after ' || after FROM tale WHERE after <> ''"
                + " AND after NOT IN (SELECT id FROM tale)");
    lost.removeIf(row -> parted.contains(author(row.split(" ", -1)[2])));
    require(lost.isEmpty(), where + "an effect without its cause: " + lost);
    List<String> gaps =
        app.column(
            "SELECT min(id) FROM tale GROUP BY substr(id, 1, instr(id, ':'))"
                + " HAVING count(*) <> max(CAST(substr(id, instr(id, ':') + 1) AS INTEGER))");
    gaps.removeIf(row -> parted.contains(author(row)));
    require(gaps.isEmpty(), where + "a later row of an author without an earlier one: " + gaps);
  }

  private static String author(String key) {
    return key.substring(0, key.indexOf(':')).replaceFirst("e.*", "");
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

  /** Why the nodes are not equal, if they are not. */
  Optional<String> difference(List<SimNode> nodes) {
    for (SimNode node : nodes) {
      if (!node.isUp() || !node.faults.isEmpty()) {
        return Optional.of("node " + node.index + " does not run: " + node.faults);
      }
      if (!node.mesh().summary().equals(nodes.get(0).mesh().summary())) {
        return Optional.of("the summaries of nodes 0 and " + node.index + " differ");
      }
    }
    for (String table : TABLES) {
      List<String> first = exact(nodes.get(0).app, table);
      for (SimNode node : nodes) {
        List<String> here = exact(node.app, table);
        if (!here.equals(first)) {
          return Optional.of(
              "%s differs between nodes 0 and %d:\n%s\n%s"
                  .formatted(table, node.index, without(first, here), without(here, first)));
        }
      }
    }
    return Optional.empty();
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
      causesComeFirst("node " + node.index + " at the end: ", node.app, Set.of());
    }
    difference(nodes)
        .ifPresent(
            why -> {
              throw new Broken(why);
            });
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
