package sh.fazt.mesh.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.MeshSetup;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.store.PeerTable;

/**
 * A whole node in a simulated world: the code of a real one over a real file, with simulated time,
 * chance and network, and an application beside it.
 */
final class SimNode {
  private static final long DISK_BYTES = 1L << 40;

  /** That the node waits for a lock, by SQLite's busy handler. */
  private static final long LOCK_MILLIS = 5_000;

  /** Until whoever watches over the daemon starts it again. */
  private static final long RESTART_MILLIS = 1_000;

  final int index;
  final SimApp app;
  final List<Throwable> faults = new ArrayList<>();
  private final Path file;
  private final SimTime time;
  private final SimNetwork network;
  private final int nodes;
  private final Chance chance;
  private Optional<Life> life = Optional.empty();
  final SimDisk disk;

  /** How far this machine's clock is off. */
  long offMillis;

  private boolean steady = true;
  private boolean left;
  private boolean restarting;

  /** Whether this machine's disk has no room for what peers send. */
  boolean full;

  /** From a start to the next end. */
  private record Life(SimLoop loop, NodeCores cores) {}

  SimNode(int index, int nodes, Path folder, SimNetwork network, SimLedger ledger) {
    this.index = index;
    this.nodes = nodes;
    this.file = SimSetup.file(folder, index);
    this.network = network;
    this.time = network.time;
    this.chance = Chance.from(new Random(time.random.nextLong()));
    this.disk = new SimDisk(time, () -> life.ifPresent(alive -> alive.loop().lasts(LOCK_MILLIS)));
    SimDriver.mount(file, disk);
    this.app = new SimApp(index, file, this::wallMillis, time.random, ledger);
  }

  private Optional<DiskGauge.Space> space() {
    return Optional.of(new DiskGauge.Space(full ? 0 : DISK_BYTES, DISK_BYTES));
  }

  private long wallMillis() {
    return time.nowMillis() + offMillis;
  }

  /** Whether it has been a full member all the time. */
  boolean isSteady() {
    return steady;
  }

  /** Its writes may be taken back from now on. */
  void unsettle() {
    steady = false;
    app.countsNoMore();
  }

  boolean isUp() {
    return life.isPresent();
  }

  /** The replica at work. */
  Mesh mesh() {
    return life.orElseThrow().cores().core().mesh();
  }

  /** Whether it has heard that a node was removed. */
  boolean knowsRemoved(VerifyKey other) {
    return isUp() && mesh().membership().roster().hasRemoved(other);
  }

  NodeCore core() {
    return life.orElseThrow().cores().core();
  }

  void start() {
    if (isUp() || left) {
      return;
    }
    time.tell("start " + index);
    Ambient ambient = new Ambient(this::wallMillis, chance);
    NodeConfig config = new NodeConfig(file, Optional.empty(), ambient, this::space, LanChoice.OFF);
    SimLoop loop = new SimLoop(time, this::failed);
    Optional<Mesh> opened = open(ambient);
    if (opened.isEmpty()) {
      if (!restarting) {
        restarting = true;
        time.in(RESTART_MILLIS, this::startAgain);
      }
      return;
    }
    Mesh mesh = opened.get();
    Listeners listeners = new Listeners();
    listeners.events(event -> time.trace(event.toString().hashCode()));
    NodeCores.Outside outside =
        new NodeCores.Outside(
            network.dialer(index, mesh.nodeKey().verifyKey()),
            new Visibility(ListenAddress.parse(SimNetwork.address(index)), LanChoice.OFF),
            listeners);
    NodeCores cores = new NodeCores(config, loop, mesh, outside);
    life = Optional.of(new Life(loop, cores));
    network.up(
        index,
        mesh.nodeKey().verifyKey(),
        new InboundLinks(loop, new Receiving(cores::reception, false)));
    loop.submit(cores::start);
  }

  private void startAgain() {
    restarting = false;
    start();
  }

  /** Opens the database, unless it cannot be opened just now. */
  private Optional<Mesh> open(Ambient ambient) {
    try {
      Mesh mesh = Mesh.open(file, ambient);
      try {
        introduce(mesh);
        return Optional.of(mesh);
      } catch (MeshException e) {
        mesh.close();
        throw e;
      }
    } catch (MeshException e) {
      if (!NodeCores.PASSING.contains(e.code())) {
        throw e;
      }
      time.count("starts put off");
      time.tell("cannot start " + index, e);
      return Optional.empty();
    }
  }

  private void failed(Throwable fault) {
    time.tell("node " + index + " fails: " + fault);
    faults.add(fault);
  }

  /** Tells a node of its neighbours' addresses, which joining tells of the inviter alone. */
  private void introduce(Mesh mesh) {
    mesh.membership().roster().members().stream()
        .filter(member -> !member.node().equals(mesh.nodeKey().verifyKey()))
        .forEach(
            member -> {
              int other = Integer.parseInt(member.name().substring(1));
              if (other < nodes && network.isNear(index, other)) {
                mesh.peers()
                    .put(member.node(), new PeerTable.Peer(List.of(SimNetwork.address(other)), 0));
              }
            });
  }

  /** A sign that the application has written, as the system gives one. */
  void wake() {
    life.ifPresent(alive -> alive.cores().wake());
  }

  /** Ends as a process that is killed: nothing more is said or done. */
  void crash(boolean silently) {
    life.ifPresent(
        alive -> {
          time.tell("crash " + index + (silently ? " silently" : ""));
          life = Optional.empty();
          alive.loop().kill();
          network.down(index, silently);
          alive.cores().close();
        });
  }

  /** Ends in good order. */
  void stop() {
    life.ifPresent(
        alive -> {
          time.tell("stop " + index);
          life = Optional.empty();
          alive.cores().stop("the node stops");
          alive.loop().kill();
          network.leave(index);
          alive.cores().close();
        });
  }

  /** Leaves the mesh for good, at once and whoever hears of it. */
  void leave() {
    Life alive = life.orElseThrow();
    alive.cores().core().leave();
    time.tell("node " + index + " leaves");
    left = true;
    life = Optional.empty();
    alive.loop().kill();
    network.leave(index);
    alive.cores().close();
    MeshSetup.dismantle(file);
  }

  /** Copies the file and its keys as they are at this moment, write-ahead log and all. */
  void copyTo(Path folder) {
    time.tell("copy " + index);
    try {
      SimFiles.copyTree(keys(), folder.resolve("keys"));
      for (String ending : List.of("", "-wal")) {
        SimFiles.copy(beside(ending), folder.resolve("db" + ending));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts such a copy in place of the file, while this node is down. */
  void putBack(Path folder) {
    time.tell("put back " + index);
    app.close();
    try {
      Files.deleteIfExists(beside("-shm"));
      for (String ending : List.of("", "-wal")) {
        Files.deleteIfExists(beside(ending));
        SimFiles.copy(folder.resolve("db" + ending), beside(ending));
      }
      SimFiles.copyTree(folder.resolve("keys"), keys());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What a failing disk makes of the key folder: the mark in it can be neither read nor written.
   */
  void keysFail(boolean on) {
    Path mark = keys().resolve("high-water");
    Path aside = keys().resolve("high-water.aside");
    try {
      if (on && Files.isRegularFile(mark)) {
        Files.move(mark, aside);
        Files.createDirectory(mark);
      } else if (!on && Files.exists(aside)) {
        Files.delete(mark);
        Files.move(aside, mark);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean keysAreWell() {
    return !Files.isDirectory(keys().resolve("high-water"));
  }

  private Path keys() {
    return beside(".mesh");
  }

  private Path beside(String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  void close() {
    crash(true);
    app.close();
    SimDriver.unmount(file);
  }
}
