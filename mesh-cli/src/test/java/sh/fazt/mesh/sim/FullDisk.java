package sh.fazt.mesh.sim;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sh.fazt.mesh.commands.FaztProcess;
import sh.fazt.mesh.output.Json;

/**
 * A node on a disk that is too small for what its peer has, and that its own program fills; run in
 * a namespace of its own, in which it may mount that disk.
 */
final class FullDisk implements AutoCloseable {
  private static final Duration RECOVERY = Duration.ofSeconds(10);
  private static final int MEGABYTES = 24;

  private final Path small;
  private final List<CrashNode> nodes;
  private final CrashJudge judge = new CrashJudge();

  private FullDisk(Path folder) throws Exception {
    this.small = Files.createDirectory(folder.resolve("small"));
    mount("size=" + MEGABYTES + "m");
    CrashNode vps = new CrashNode(new FaztProcess(folder), "vps");
    CrashNode laptop = new CrashNode(new FaztProcess(small), "laptop");
    this.nodes = List.of(vps, laptop);
    vps.file().run(CrashSim.TABLES);
    new CrashGuests(new FaztProcess(folder)).pair(vps, laptop);
  }

  /** {@code FullDisk FOLDER}. */
  public static void main(String[] arguments) throws Exception {
    try (FullDisk disk = new FullDisk(Path.of(arguments[0]))) {
      disk.peerSendsMoreThanThereIsRoomFor();
      disk.programFillsTheDisk();
    }
  }

  private void mount(String options) throws Exception {
    int status =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", options, "none", small.toString())
            .inheritIO()
            .start()
            .waitFor();
    require(status == 0, "mount ends with " + status);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private CrashNode laptop() {
    return nodes.get(1);
  }

  private void write(CrashNode node, String key) throws SQLException {
    node.file().run("INSERT INTO items VALUES ('" + key + "', 'x', 1)");
    judge.expect(Map.of(key, "x|1|integer"));
  }

  private boolean isShort() {
    return laptop()
        .status()
        .filter(
            status ->
                status.objects("warnings").stream()
                    .map(warning -> warning.text("code"))
                    .anyMatch("DISK_FULL"::equals))
        .isPresent();
  }

  /** The daemon leaves the last of the room to the program, says so, and goes on when it may. */
  private void peerSendsMoreThanThereIsRoomFor() throws Exception {
    for (int i = 0; i < MEGABYTES + 8; i++) {
      nodes.get(0).file().run("INSERT INTO blobs VALUES ('b" + i + "', randomblob(1000000))");
    }
    CrashNode.await("it says that the disk is nearly full", CrashNode.PATIENCE, this::isShort);
    for (int i = 0; i < 100; i++) {
      write(laptop(), "beside " + i);
    }
    Json.Obj wish = Json.object().with("timeout_ms", 20_000L).with("wait", 0L);
    laptop().ask("sync", wish);
    require(!CrashJudge.areLevel(nodes, new ArrayList<>()), "all of it found room");
    recover("remount,size=400m");
  }

  /** The program is told by SQLite; nothing that it was told to be kept is lost. */
  private void programFillsTheDisk() throws Exception {
    mount("remount,size=" + (Files.size(laptop().path()) / (1 << 20) * 2 + 20) + "m");
    Path filling = small.resolve("filling");
    try {
      Files.write(filling, new byte[300 << 20]);
    } catch (java.io.IOException e) {
      // Full, as it should be.
    }
    int told = 0;
    for (int i = 0; i < 400 && told < 5; i++) {
      try {
        laptop().file().run("INSERT INTO blobs VALUES ('mine " + i + "', randomblob(100000))");
        write(laptop(), "mine " + i);
      } catch (SQLException e) {
        told++;
      }
    }
    require(told > 0, "the disk was never full");
    write(nodes.get(0), "from afar");
    CrashNode.await("it says that the disk is full", CrashNode.PATIENCE, this::isShort);
    Files.delete(filling);
    recover("remount,size=400m");
  }

  private void recover(String options) throws Exception {
    mount(options);
    List<String> wrong = new ArrayList<>();
    try {
      long resumed = CrashNode.await("it goes on", RECOVERY, () -> !isShort());
      long level =
          CrashNode.await(
              "both are level", CrashNode.PATIENCE, () -> CrashJudge.areLevel(nodes, wrong));
      System.out.printf("it goes on after %d ms, level after %d more%n", resumed, level);
    } catch (AssertionError e) {
      throw new AssertionError(wrong + "\n" + laptop().lastWords(), e);
    }
    for (CrashNode node : nodes) {
      wrong.addAll(judge.complaints(node.file()));
    }
    require(wrong.isEmpty() && laptop().isAlive() && !isShort(), wrong.toString());
  }

  @Override
  public void close() throws Exception {
    for (CrashNode node : nodes) {
      node.kill();
    }
  }
}
