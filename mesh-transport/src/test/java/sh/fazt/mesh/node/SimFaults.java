package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What goes wrong in a simulated world. */
final class SimFaults {
  /** A stamp of one end of this range, met at the other, still has its time soon. */
  static final long CLOCK_OFF_MAX = 140_000;

  private final SimWorld world;
  private final SimTime time;
  private final SimNetwork network;
  private final Path folder;
  private final Map<SimNode, List<Path>> copies = new HashMap<>();
  private int count;

  SimFaults(SimWorld world, Path folder) {
    this.world = world;
    this.time = world.time;
    this.network = world.network;
    this.folder = folder;
  }

  /** One more, or the end of one. */
  void next() {
    count++;
    switch (time.random.nextInt(world.plan.copies() ? 21 : 19)) {
      case 0 -> network.breakAnyLink();
      case 1 -> network.stallAnyLink(time.between(1_000, 30_000));
      case 2 -> split(true);
      case 3 -> split(false);
      case 4, 5 -> unblock();
      case 6, 7 -> crash(world.any());
      case 8 -> stop(world.any());
      case 9 -> killed(world.any());
      case 10 -> clock(world.any());
      case 11 -> network.lossPerMille = (int) time.between(0, 15);
      case 12 -> network.delayMillisMax = time.between(2, 900);
      case 13 -> everythingRestarts();
      case 14 -> littleRoom(world.any());
      case 15 -> lock(world.any());
      case 16 -> fullDisk(world.any());
      case 17 -> failingDisk(world.any());
      case 18 -> failingKeys(world.any());
      case 19 -> keep(world.any());
      default -> putBack(world.any());
    }
  }

  /** Parts the nodes in two, in both directions or in one. */
  private void split(boolean bothWays) {
    time.count(bothWays ? "splits" : "splits one way");
    time.tell(bothWays ? "split" : "split one way");
    for (SimNode one : world.nodes) {
      for (SimNode other : world.nodes) {
        boolean apart = time.happens(500);
        if (one.index < other.index && apart) {
          boolean there = bothWays || time.happens(500);
          if (there) {
            network.block(one.index, other.index);
          }
          if (bothWays || !there) {
            network.block(other.index, one.index);
          }
        }
      }
    }
  }

  private void unblock() {
    time.tell("no split");
    network.unblock();
  }

  private void restartLater(SimNode node) {
    time.in(time.between(100, 25_000), node::start);
  }

  private void crash(SimNode node) {
    time.count("crashes");
    node.crash(time.happens(500));
    restartLater(node);
  }

  private void stop(SimNode node) {
    time.count("stops");
    node.stop();
    restartLater(node);
  }

  /** What a kill leaves behind: the file and its write-ahead log as they were in that moment. */
  private void killed(SimNode node) {
    if (node.isUp() && node.keysAreWell()) {
      time.count("kills");
      Path image = folder.resolve("image" + count);
      node.copyTo(image);
      node.crash(time.happens(500));
      node.putBack(image);
      restartLater(node);
    }
  }

  private void everythingRestarts() {
    if (time.happens(300)) {
      world.nodes.forEach(this::crash);
    }
  }

  private void clock(SimNode node) {
    time.count("clocks set wrong");
    node.offMillis = time.between(-CLOCK_OFF_MAX, CLOCK_OFF_MAX);
    time.tell("clock of " + node.index + " is off by " + node.offMillis);
  }

  private void littleRoom(SimNode node) {
    node.full = !node.full;
    time.count("disks with little room");
    time.tell("the disk of " + node.index + (node.full ? " has little room" : " has room"));
  }

  /** A program keeps the write lock for seconds. */
  private void lock(SimNode node) {
    if (!node.app.isHolding() && node.app.begin()) {
      time.count("locks held");
      time.tell("the database of " + node.index + " is locked");
      time.in(time.between(200, 12_000), () -> unlock(node));
    }
  }

  private void unlock(SimNode node) {
    if (node.app.isHolding()) {
      time.tell("the database of " + node.index + " is free");
      node.app.end(time.happens(800));
      node.wake();
    }
  }

  /** The file cannot grow for a while. */
  private void fullDisk(SimNode node) {
    time.tell("the disk of " + node.index + " is full");
    node.disk.full(true);
    time.in(
        time.between(500, 20_000),
        () -> {
          time.tell("the disk of " + node.index + " has room");
          node.disk.full(false);
        });
  }

  /** Some of the writes to come fail. */
  private void failingDisk(SimNode node) {
    node.disk.fail((int) time.between(0, 60), (int) time.between(1, 4));
  }

  /** The mark of what was signed cannot be written for a while. */
  private void failingKeys(SimNode node) {
    time.count("key folders that fail");
    time.tell("the key folder of " + node.index + " fails");
    node.keysFail(true);
    time.in(
        time.between(500, 15_000),
        () -> {
          time.tell("the key folder of " + node.index + " is well");
          node.keysFail(false);
        });
  }

  private void keep(SimNode node) {
    if (node.keysAreWell()) {
      Path copy = folder.resolve("copy" + count);
      node.copyTo(copy);
      copies.computeIfAbsent(node, key -> new ArrayList<>()).add(copy);
    }
  }

  /** An older copy takes the file's place. */
  private void putBack(SimNode node) {
    List<Path> kept = copies.getOrDefault(node, List.of());
    if (!kept.isEmpty() && node.keysAreWell()) {
      time.count("files put back");
      node.crash(time.happens(500));
      node.putBack(kept.get(time.random.nextInt(kept.size())));
      world.ledger.putBack(node.index, node.app.begunAnew(), world.told());
      world.ledger.mayBeBornAgain(node.app.untold());
      restartLater(node);
    }
  }

  /** Nothing is wrong any more. */
  void end() {
    network.unblock();
    network.lossPerMille = 0;
    network.delayMillisMax = 40;
    for (SimNode node : world.nodes) {
      unlock(node);
      node.disk.heal();
      node.keysFail(false);
      node.offMillis = 0;
      node.full = false;
      node.start();
    }
  }
}
