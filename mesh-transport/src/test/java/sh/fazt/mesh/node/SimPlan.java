package sh.fazt.mesh.node;

/**
 * What is simulated; the seed decides the rest.
 *
 * @param statements INSERT, UPDATE and DELETE of all applications together
 * @param copies whether files are put back to older copies, keys and all
 * @param changes whether nodes join, leave, are removed and get other roles meanwhile
 * @param intruder whether one more node, a member with a valid key, lies
 */
record SimPlan(
    long seed,
    int nodes,
    Topology topology,
    int statements,
    boolean copies,
    boolean changes,
    boolean intruder) {
  /** Without any of what only some worlds have. */
  static SimPlan plain(long seed, int nodes, int statements) {
    return new SimPlan(seed, nodes, Topology.EVERYONE, statements, false, false, false);
  }

  /** How many members there are at the beginning. */
  int members() {
    return nodes + (intruder ? 1 : 0);
  }

  /** Who can reach whom. */
  enum Topology {
    EVERYONE {
      @Override
      boolean isNear(int one, int other) {
        return true;
      }
    },
    LINE {
      @Override
      boolean isNear(int one, int other) {
        return Math.abs(one - other) == 1;
      }
    },
    STAR {
      @Override
      boolean isNear(int one, int other) {
        return one == 0 || other == 0;
      }
    };

    abstract boolean isNear(int one, int other);
  }

  /** The plan of a seed, where nothing else is asked for. */
  static SimPlan of(long seed, int nodes, int statements) {
    Topology[] all = Topology.values();
    boolean even = seed % 2 == 0;
    return new SimPlan(
        seed,
        nodes,
        all[Math.floorMod(seed, all.length)],
        statements,
        even,
        !even,
        Math.floorMod(seed, 12) > 7);
  }
}
