package sh.fazt.mesh.node;

import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.LinkDialer;
import sh.fazt.mesh.frame.LinkListener;

/**
 * The core of a node that is at work, and the next one where the database must be opened anew.
 * Confined to the mesh thread, but for {@link #wake} and {@link #hush}.
 */
final class NodeCores {
  private static final Logger LOG = LoggerFactory.getLogger(NodeCores.class);

  /** Until the next try to open the database again. */
  private static final long RETRY_MILLIS = 1_000;

  /** What may end by itself: a program's long write, a full or failing disk. */
  static final Set<ErrorCode> PASSING =
      Set.of(ErrorCode.DATABASE_BUSY, ErrorCode.DISK_FULL, ErrorCode.FAILURE);

  private final NodeConfig config;
  private final Loop loop;
  private final Outside outside;
  private final LinkListener dialled;
  private volatile NodeCore core;

  /** Why the database, closed to be opened again, cannot be opened just now. */
  private Optional<MeshException> hindrance = Optional.empty();

  private boolean stopped;

  /**
   * What a core has to do with.
   *
   * @param visibility where others can reach this node, and who hears of it
   * @param listeners told what people may want to know
   */
  record Outside(LinkDialer dialer, Visibility visibility, Listeners listeners) {}

  /**
   * @param mesh open; it is closed in {@link #close}
   */
  NodeCores(NodeConfig config, Loop loop, Mesh mesh, Outside outside) {
    this.config = config;
    this.loop = loop;
    this.outside = outside;
    this.dialled = new InboundLinks(loop, new Receiving(this::reception, true));
    this.core = make(mesh);
  }

  private NodeCore make(Mesh mesh) {
    return new NodeCore(
        new Agenda(loop),
        mesh,
        outside.dialer(),
        dialled,
        outside.visibility(),
        new DiskRoom(config.database(), config.gauge()),
        outside.listeners(),
        this::reopen);
  }

  void start() {
    core.start();
  }

  /** Who receives links just now. */
  Reception reception() {
    return core.reception();
  }

  /**
   * The core at work.
   *
   * @throws MeshException while the database is not open
   */
  NodeCore core() {
    if (hindrance.isPresent()) {
      throw hindrance.get();
    }
    return core;
  }

  /** A sign that the file may have moved; from any thread. */
  void wake() {
    core.harvesting().wake();
  }

  /** What is in memory no longer holds; of several requests the first does it. */
  private void reopen() {
    if (hindrance.isPresent() || !core.mesh().mustReopen()) {
      return;
    }
    if (core.mesh().isElsewhere()) {
      loop.fail(runsTwice(core.mesh()));
      return;
    }
    try {
      core.stop(
          core.mesh().isOlderCopy()
              ? "its database was restored"
              : "what its clock stamped ahead is signed anew");
      core.mesh().close();
      openAgain();
    } catch (RuntimeException e) {
      loop.fail(e);
    }
  }

  private void openAgain() {
    if (stopped) {
      return;
    }
    try {
      Mesh mesh = core.mesh().openAgain();
      try {
        core = make(mesh);
      } catch (RuntimeException e) {
        mesh.close();
        throw e;
      }
      hindrance = Optional.empty();
    } catch (MeshException e) {
      waitToOpen(e);
      return;
    }
    core.start();
  }

  private void waitToOpen(MeshException e) {
    if (!PASSING.contains(e.code())) {
      loop.fail(e);
      return;
    }
    if (hindrance.isEmpty()) {
      LOG.warn("cannot open the database again just now ({}): {}", e.code(), e.getMessage());
    }
    hindrance = Optional.of(e);
    loop.schedule("open", loop.nowMillis() + RETRY_MILLIS, this::openAgain);
  }

  private static MeshException runsTwice(Mesh mesh) {
    return new MeshException(
        ErrorCode.RUNS_TWICE,
        "another process writes as this node, with a copy of its keys; one of the two must leave"
            + " and join again. What was written to "
            + mesh.file()
            + " is kept, and taken in when it is started again",
        "fazt mesh leave");
  }

  /** Says goodbye to all peers; no core runs any more. */
  void stop(String reason) {
    stopped = true;
    if (hindrance.isEmpty()) {
      core.stop(reason);
    }
  }

  /**
   * Says nothing more on local networks, where the mesh thread cannot any more; from any thread.
   */
  void hush() {
    core.nearby().hush();
  }

  /** Closes the database, if it is open. */
  void close() {
    core.mesh().close();
  }
}
