package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.roster.Role;

/**
 * Who comes into a simulated mesh and goes out of it while it works: nodes join and leave, are
 * removed, and may do less or more.
 */
final class SimMembers {
  private static final int JOINERS_MAX = 2;
  private static final int GONE_MAX = 2;
  private static final List<Role> ROLES = List.of(Role.FULL, Role.READ, Role.RELAY);

  private final SimWorld world;
  private final SimTime time;
  private final Path folder;
  private final Persona persona;
  private final List<SimNode> removed = new ArrayList<>();
  private int joined;
  private int gone;

  SimMembers(SimWorld world, Path folder) {
    this.world = world;
    this.time = world.time;
    this.folder = folder;
    this.persona = SimSetup.persona();
  }

  /** One event, if it can be just now. */
  void next() {
    try {
      switch (time.random.nextInt(6)) {
        case 0, 1 -> join();
        case 2 -> leave(world.any());
        case 3 -> remove(world.any());
        default -> changeRole(world.any());
      }
    } catch (MeshException e) {
      time.count("words of members that failed");
      time.tell("a word that failed", e);
    }
  }

  /** Nodes that were removed, and run on by themselves. */
  List<SimNode> removed() {
    return removed;
  }

  /** A node that can carry out a person's word. */
  private Optional<SimNode> speaker(SimNode other) {
    List<SimNode> able =
        world.nodes.stream()
            .filter(node -> node != other && node.isUp() && node.isSteady() && node.keysAreWell())
            .toList();
    return able.isEmpty()
        ? Optional.empty()
        : Optional.of(able.get(time.random.nextInt(able.size())));
  }

  private boolean isLine() {
    return world.plan.topology() == SimPlan.Topology.LINE;
  }

  private void join() {
    int index = world.plan.members() + joined;
    Optional<SimNode> server = speaker(world.nodes.get(world.nodes.size() - 1));
    boolean cutOff = isLine() && gone > 0;
    if (joined == JOINERS_MAX || cutOff || server.isEmpty()) {
      return;
    }
    SimNode at = server.get();
    if (world.network.isNear(index, at.index)) {
      SimSetup.join(folder, index, at.mesh(), time);
      at.core().roster().changed();
      joined++;
      time.count("joined");
      time.tell("node " + index + " joins at " + at.index);
      SimNode node = world.make(index);
      world.nodes.add(node);
      node.start();
    }
  }

  /** Whether the others can still reach each other without it; the founder stays. */
  private boolean mayGo(SimNode node) {
    boolean last = node == world.nodes.get(world.nodes.size() - 1);
    return gone < GONE_MAX && node.index > 0 && !(isLine() && (!last || world.plan.intruder()));
  }

  private void leave(SimNode node) {
    if (mayGo(node) && node.isUp() && node.keysAreWell() && !node.app.isHolding()) {
      node.disk.heal();
      List<List<String>> before = world.judge.tables(node);
      node.leave();
      world.judge.left(node, before);
      time.count("left");
      goes(node);
    }
  }

  private void remove(SimNode node) {
    Optional<SimNode> by = speaker(node);
    if (mayGo(node) && by.isPresent()) {
      by.get().core().roster().remove("n" + node.index, persona.key());
      time.count("removed");
      time.tell("node " + by.get().index + " removes node " + node.index);
      removed.add(node);
      goes(node);
    }
  }

  private void goes(SimNode node) {
    gone++;
    world.nodes.remove(node);
    doubt(node);
  }

  /** What it wrote and no full member shows may be lost from now on, and so may what it writes. */
  private void doubt(SimNode node) {
    Set<String> elsewhere = new HashSet<>();
    world.nodes.stream()
        .filter(other -> other != node && other.isSteady())
        .forEach(other -> elsewhere.addAll(other.app.column("SELECT id FROM tale")));
    world.ledger.doubt(node.index, node.app.begunAnew(), elsewhere);
    node.unsettle();
  }

  private void changeRole(SimNode node) {
    Optional<SimNode> by = speaker(node);
    long steady = world.nodes.stream().filter(SimNode::isSteady).count();
    boolean allowed = node.index > 0 && (steady > 3 || !node.isSteady());
    if (allowed && by.isPresent()) {
      Role role = ROLES.get(time.random.nextInt(ROLES.size()));
      by.get().core().roster().changeRole("n" + node.index, role, persona.key());
      time.count("roles given");
      time.tell("node " + node.index + " may " + role);
      if (node.isSteady()) {
        doubt(node);
      }
    }
  }
}
