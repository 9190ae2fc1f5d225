package sh.fazt.mesh.node;

/**
 * What is simulated; the seed decides the rest.
 *
 * @param statements INSERT, UPDATE and DELETE of all applications together
 * @param copies whether files are put back to older copies, keys and all
 */
record SimPlan(long seed, int nodes, Topology topology, int statements, boolean copies) {
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
    return new SimPlan(
        seed, nodes, all[Math.floorMod(seed, all.length)], statements, seed % 2 == 0);
  }
}
